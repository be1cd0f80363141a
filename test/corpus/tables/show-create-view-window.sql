-- SHOW CREATE VIEW of a window in a subquery.
-- compare: changes
CREATE TABLE t (a INT, b BIGINT, s STRING, d DATE, ts TIMESTAMP(3), arr ARRAY<INT>, r ROW<x INT>, bl BOOLEAN, WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen', 'number-of-rows'='1');
CREATE VIEW v AS SELECT k2, c FROM (SELECT s AS k2, COUNT(*) AS c FROM HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE) GROUP BY window_start, window_end, s);
SHOW CREATE VIEW v;
