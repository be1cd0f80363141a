-- A window over the results of another one, both sent early.
-- compare: changes
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 ms';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT TUMBLE_START(rt, INTERVAL '10' MINUTE) AS ws, COUNT(*) AS n, SUM(n) AS s FROM (SELECT TUMBLE_ROWTIME(ts, INTERVAL '2' MINUTE) AS rt, COUNT(*) AS n FROM e GROUP BY TUMBLE(ts, INTERVAL '2' MINUTE)) GROUP BY TUMBLE(rt, INTERVAL '10' MINUTE);
