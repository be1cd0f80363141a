-- A table read for its rows and for an aggregate of other columns of it.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DECIMAL(8, 2), ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT a.id, a.price, b.n FROM e a JOIN (SELECT k, COUNT(*) AS n, SUM(v) AS total FROM e WHERE v > 20 GROUP BY k) b ON a.k = b.k WHERE a.id < 12;
