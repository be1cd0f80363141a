-- HAVING by an aggregate that is not shown.
-- compare: changes
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 ms';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT TUMBLE_START(ts, INTERVAL '5' MINUTE) AS ws, k FROM e GROUP BY TUMBLE(ts, INTERVAL '5' MINUTE), k HAVING COUNT(*) > 1;
