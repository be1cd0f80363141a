-- json values that are converted to the column type.
-- compare: changes
CREATE TABLE t (ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, `dec` DECIMAL(6,2), s STRING, b BOOLEAN, dt DATE, tm TIME, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), `by` BYTES, arr ARRAY<INT>, m MAP<STRING,INT>, r ROW<a INT, b STRING>, ms MULTISET<STRING>)  WITH ('connector'='filesystem','path'='${DATA}/loose_types.jsonl','format'='json');
SELECT * FROM t;
