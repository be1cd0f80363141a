-- The two keys of the greatest sums in each window.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT window_start, k, s FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY s DESC) rn FROM (SELECT window_start, window_end, k, SUM(v) s FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '5' MINUTE) GROUP BY window_start, window_end, k)) WHERE rn <= 2;
