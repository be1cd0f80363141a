-- A join of two aggregates of the same windows.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT a.window_start, a.k, a.n, b2.m FROM (SELECT window_start, window_end, k, COUNT(*) n FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '5' MINUTE) GROUP BY window_start, window_end, k) a JOIN (SELECT window_start, window_end, k, MAX(v) m FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '5' MINUTE) WHERE ok GROUP BY window_start, window_end, k) b2 ON a.window_start = b2.window_start AND a.window_end = b2.window_end AND a.k = b2.k;
