-- Groups by DOUBLE, NULL among the keys.
-- compare: changes
CREATE TABLE t (id INT, k STRING, g INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, `dec` DECIMAL(10,2), big DECIMAL(38,10), s STRING, c CHAR(3), b BOOLEAN, dt DATE, tm TIME, ts TIMESTAMP(3), ts9 TIMESTAMP(9), ltz TIMESTAMP_LTZ(3), arr ARRAY<INT>, r ROW<x INT, y STRING>, m MAP<STRING, INT>) WITH ('connector'='filesystem','path'='${DATA}/every_type_changes.debezium','format'='debezium-json');
SELECT d, COUNT(*), SUM(g), MAX(id) FROM t GROUP BY d;
