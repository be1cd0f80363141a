-- A window of processing time has no event time.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT TUMBLE_ROWTIME(pt, INTERVAL '1' DAY) FROM e GROUP BY TUMBLE(pt, INTERVAL '1' DAY);
