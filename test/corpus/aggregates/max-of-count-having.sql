-- MAX of a COUNT above HAVING.
-- compare: changes
CREATE TABLE t (id INT, k STRING, g INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, `dec` DECIMAL(10,2), big DECIMAL(38,10), s STRING, c CHAR(3), b BOOLEAN, dt DATE, tm TIME, ts TIMESTAMP(3), ts9 TIMESTAMP(9), ltz TIMESTAMP_LTZ(3), arr ARRAY<INT>, r ROW<x INT, y STRING>, m MAP<STRING, INT>) WITH ('connector'='filesystem','path'='${DATA}/every_type.jsonl','format'='json');
SELECT MAX(n) FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k HAVING COUNT(*) > 1);
