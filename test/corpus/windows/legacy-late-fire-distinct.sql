-- DISTINCT, FILTER and lists in windows that late rows change.
-- compare: changes
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 ms';
SET 'table.exec.emit.allow-lateness' = '3 min';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT TUMBLE_START(ts, INTERVAL '2' MINUTE) AS ws, COUNT(DISTINCT k) AS d, COUNT(*) FILTER (WHERE ok) AS f, LISTAGG(k) AS l, MAX(price) AS p FROM e GROUP BY TUMBLE(ts, INTERVAL '2' MINUTE);
