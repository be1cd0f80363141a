-- HOP windows of TUMBLE windows.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE VIEW w1 AS SELECT window_time AS rt, k, COUNT(*) AS n FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' MINUTE) GROUP BY window_start, window_end, window_time, k;
SELECT window_start, window_end, k, SUM(n) FROM HOP(TABLE w1, DESCRIPTOR(rt), INTERVAL '2' MINUTE, INTERVAL '6' MINUTE) GROUP BY window_start, window_end, k;
