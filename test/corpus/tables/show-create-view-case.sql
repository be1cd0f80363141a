-- SHOW CREATE VIEW of a CASE with an operand.
-- compare: changes
CREATE TABLE t (a INT, b BIGINT, s STRING, d DATE, ts TIMESTAMP(3), arr ARRAY<INT>, r ROW<x INT>, bl BOOLEAN) WITH ('connector' = 'datagen');
CREATE VIEW v AS SELECT CASE a WHEN 1 THEN 'one' ELSE 'more' END AS c FROM t;
SHOW CREATE VIEW v;
