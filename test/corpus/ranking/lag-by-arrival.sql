-- LAG in the order of processing time.
-- compare: sequence
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, k, LAG(id, 2, -1) OVER (PARTITION BY k ORDER BY pt) AS l FROM e;
