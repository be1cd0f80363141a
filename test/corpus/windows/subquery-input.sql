-- TUMBLE over a subquery.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT window_start, COUNT(*) FROM TUMBLE((SELECT k, ts FROM e WHERE ok), DESCRIPTOR(ts), INTERVAL '2' MINUTE) GROUP BY window_start, window_end;
