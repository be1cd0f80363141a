-- Rows above the average of their own table.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DECIMAL(8, 2), ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, v FROM e WHERE v > (SELECT AVG(v) FROM e WHERE id < 60) AND id < 30;
