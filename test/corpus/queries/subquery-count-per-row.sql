-- Correlated counts and sums of rows that change: COUNT is 0 without rows.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT b.id, (SELECT COUNT(*) FROM sales AS s WHERE s.buyer = b.id) AS n, (SELECT SUM(s.amount) FROM sales AS s WHERE s.buyer = b.id) AS total FROM buyers AS b;
