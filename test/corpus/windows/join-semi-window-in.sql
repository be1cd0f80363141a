-- A window semi join by IN, correlated by the bounds of windows.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT L.id, L.k, L.window_start FROM (SELECT * FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) L WHERE L.k IN (SELECT k FROM (SELECT * FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) R WHERE R.v > 5 AND L.window_start = R.window_start AND L.window_end = R.window_end);
