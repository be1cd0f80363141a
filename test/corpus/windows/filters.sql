-- FILTER in a window.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT window_start, COUNT(*) FILTER (WHERE ok), SUM(v) FILTER (WHERE k = 'a'), COUNT(DISTINCT sub) FILTER (WHERE v > 10), MAX(price) FILTER (WHERE ok IS NULL) FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '5' MINUTE) GROUP BY window_start, window_end;
