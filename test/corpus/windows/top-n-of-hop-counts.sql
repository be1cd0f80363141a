-- The most frequent key of each HOP window.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT window_start, window_end, k, rn FROM (SELECT window_start, window_end, k, n, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY n DESC, k) rn FROM (SELECT window_start, window_end, k, COUNT(*) n FROM HOP(TABLE e, DESCRIPTOR(ts), INTERVAL '2' MINUTE, INTERVAL '6' MINUTE) GROUP BY window_start, window_end, k)) WHERE rn <= 1;
