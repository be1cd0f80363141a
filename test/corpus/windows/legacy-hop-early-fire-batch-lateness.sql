-- HOP with a slide that is greater than its size, early and late.
-- compare: changes
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 ms';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 ms';
SET 'table.exec.emit.allow-lateness' = '3 min';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT HOP_START(ts, INTERVAL '3' MINUTE, INTERVAL '1' MINUTE) AS ws, COUNT(*) AS n FROM e GROUP BY HOP(ts, INTERVAL '3' MINUTE, INTERVAL '1' MINUTE);
