-- SHOW CREATE VIEW expands * and names subqueries.
-- compare: changes
CREATE TABLE t (a INT, b BIGINT, s STRING, d DATE, ts TIMESTAMP(3), arr ARRAY<INT>, r ROW<x INT>, bl BOOLEAN, WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen', 'number-of-rows'='1');
CREATE VIEW v AS SELECT * FROM (SELECT a, COUNT(*) AS n FROM t GROUP BY a) WHERE n > 1;
SHOW CREATE VIEW v;
