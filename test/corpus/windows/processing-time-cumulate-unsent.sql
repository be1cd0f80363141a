-- Windows of processing time end by the clock, not by the watermark.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, COUNT(*) FROM TABLE(CUMULATE(TABLE e, DESCRIPTOR(pt), INTERVAL '12' HOUR, INTERVAL '1' DAY)) GROUP BY k, window_start, window_end;
