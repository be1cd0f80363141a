-- A watermark that is NULL for the first rows.
-- compare: changes
CREATE TABLE e (id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS CASE WHEN id > 20 THEN ts END) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT window_start, COUNT(*), MIN(id) FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '2' MINUTE) GROUP BY window_start, window_end;
