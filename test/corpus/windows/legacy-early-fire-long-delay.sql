-- A delay that is longer than the job: only the ends of windows send.
-- compare: changes
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '1 h';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT TUMBLE_START(ts, INTERVAL '5' MINUTE) AS ws, COUNT(*) AS n FROM e GROUP BY TUMBLE(ts, INTERVAL '5' MINUTE);
