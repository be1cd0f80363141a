-- The greatest count of each window, over results that change.
-- compare: changes
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 ms';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT ws, MAX(n) AS m FROM (SELECT TUMBLE_START(ts, INTERVAL '5' MINUTE) AS ws, k, COUNT(*) AS n FROM e GROUP BY TUMBLE(ts, INTERVAL '5' MINUTE), k) GROUP BY ws;
