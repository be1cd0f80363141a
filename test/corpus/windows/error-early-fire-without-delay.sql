-- Early firing needs to know how often.
-- compare: changes
SET 'table.exec.emit.early-fire.enabled' = 'true';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT COUNT(*) FROM e GROUP BY TUMBLE(ts, INTERVAL '2' MINUTE);
