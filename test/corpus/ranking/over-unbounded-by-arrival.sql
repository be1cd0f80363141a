-- A RANGE without beginning goes row by row in the order of processing time.
-- compare: sequence
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, k, COUNT(v) OVER (PARTITION BY k ORDER BY pt) AS n, AVG(v) OVER (PARTITION BY k ORDER BY pt) AS a FROM e;
