-- MIN and MAX of every type with an order.
-- compare: changes
CREATE TABLE t (id INT, k STRING, g INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, `dec` DECIMAL(10,2), big DECIMAL(38,10), s STRING, c CHAR(3), b BOOLEAN, dt DATE, tm TIME, ts TIMESTAMP(3), ts9 TIMESTAMP(9), ltz TIMESTAMP_LTZ(3), arr ARRAY<INT>, r ROW<x INT, y STRING>, m MAP<STRING, INT>) WITH ('connector'='filesystem','path'='${DATA}/every_type.jsonl','format'='json');
SELECT k, MIN(ti), MAX(ti), MIN(si), MAX(si), MIN(i), MAX(i), MIN(bi), MAX(bi), MIN(f), MAX(f), MIN(d), MAX(d), MIN(`dec`), MAX(`dec`), MIN(big), MAX(big), MIN(s), MAX(s), MIN(c), MAX(c), MIN(b), MAX(b), MIN(dt), MAX(dt), MIN(tm), MAX(tm), MIN(ts), MAX(ts), MIN(ts9), MAX(ts9), MIN(ltz), MAX(ltz) FROM t GROUP BY k;
