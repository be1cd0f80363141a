-- SHOW CREATE VIEW with WITH.
-- compare: changes
CREATE TABLE t (a INT, b BIGINT, s STRING, d DATE, ts TIMESTAMP(3), arr ARRAY<INT>, r ROW<x INT>, bl BOOLEAN, WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen', 'number-of-rows'='1');
CREATE VIEW v AS WITH w AS (SELECT a FROM t), w2 (p) AS (SELECT a FROM w) SELECT p FROM w2 WHERE p > 1;
SHOW CREATE VIEW v;
