-- Early firing of windows of processing time after every row.
-- compare: sequence
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 ms';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, COUNT(*) AS n, SUM(v) AS s FROM e GROUP BY TUMBLE(PROCTIME(), INTERVAL '100' DAY(3)), k;
