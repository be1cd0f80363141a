-- One table at two depths of joins, and twice in one of them.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DECIMAL(8, 2), ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT a.id, b.id, c.id FROM e a JOIN (SELECT x.k, x.id, y.sub FROM e x JOIN e y ON x.id = y.id AND x.v < 60) b ON a.k = b.k AND a.id < b.id JOIN e c ON c.id = b.id + 1 WHERE a.id < 8 AND c.v > 10;
