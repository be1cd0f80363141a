-- Without table.exec.emit.allow-lateness the time to live of state says how late a row may be.
-- compare: changes
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 ms';
SET 'table.exec.state.ttl' = '3 min';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT TUMBLE_START(ts, INTERVAL '2' MINUTE) AS ws, COUNT(*) AS n FROM e GROUP BY TUMBLE(ts, INTERVAL '2' MINUTE);
