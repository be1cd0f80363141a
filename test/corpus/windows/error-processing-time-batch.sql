-- Batch mode has no windows of processing time.
-- compare: changes
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT COUNT(*) FROM e GROUP BY TUMBLE(pt, INTERVAL '1' DAY);
