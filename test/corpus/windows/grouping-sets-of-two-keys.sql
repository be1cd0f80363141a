-- GROUPING SETS of two keys and of none in a TUMBLE window.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT window_start, window_end, k, sub, COUNT(*), SUM(v) FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '5' MINUTE) GROUP BY window_start, window_end, GROUPING SETS ((k), (sub), ());
