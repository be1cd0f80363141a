-- In batch mode the settings of early firing mean nothing.
-- compare: changes
SET 'execution.runtime-mode' = 'batch';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 ms';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT TUMBLE_START(ts, INTERVAL '2' MINUTE) AS ws, COUNT(*) AS n FROM e GROUP BY TUMBLE(ts, INTERVAL '2' MINUTE);
