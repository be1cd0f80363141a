-- TIMESTAMP_LTZ windows in a zone of half hours.
-- compare: changes
SET 'table.local-time-zone' = 'Asia/Kolkata';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ltz TIMESTAMP_LTZ(3), WATERMARK FOR ltz AS ltz - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT window_start, window_end, window_time, COUNT(*), MIN(ltz), MAX(ltz) FROM TUMBLE(TABLE e, DESCRIPTOR(ltz), INTERVAL '5' MINUTE, INTERVAL '1' MINUTE) GROUP BY window_start, window_end, window_time;
