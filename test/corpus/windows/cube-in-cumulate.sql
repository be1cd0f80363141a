-- CUBE in a CUMULATE window.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT window_start, window_end, k, sub, COUNT(*) FROM CUMULATE(TABLE e, DESCRIPTOR(ts), INTERVAL '2' MINUTE, INTERVAL '6' MINUTE) GROUP BY window_start, window_end, CUBE (k, sub);
