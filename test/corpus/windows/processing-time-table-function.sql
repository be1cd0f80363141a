-- The windows of a row are those of the moment at which it comes.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, TIMESTAMPDIFF(DAY, window_start, window_end) AS days, ts FROM TABLE(HOP(TABLE e, DESCRIPTOR(pt), INTERVAL '10' DAY, INTERVAL '20' DAY));
