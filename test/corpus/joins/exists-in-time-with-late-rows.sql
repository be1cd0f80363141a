-- EXISTS by an interval of time is a regular semi join: late rows count.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT x.id FROM (SELECT * FROM e) x WHERE EXISTS (SELECT 1 FROM e y WHERE y.k = x.k AND y.ts > x.ts AND y.ts <= x.ts + INTERVAL '20' SECOND);
