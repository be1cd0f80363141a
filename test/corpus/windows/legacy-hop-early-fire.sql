-- HOP windows of the old kind send every intermediate result, the latest window of a row first.
-- compare: sequence
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 ms';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT HOP_START(ts, INTERVAL '1' MINUTE, INTERVAL '3' MINUTE) AS ws, k, COUNT(*) AS n, SUM(v) AS s FROM e GROUP BY HOP(ts, INTERVAL '1' MINUTE, INTERVAL '3' MINUTE), k;
