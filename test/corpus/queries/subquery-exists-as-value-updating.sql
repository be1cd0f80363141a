-- EXISTS and NOT EXISTS as values.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT b.id, EXISTS (SELECT 1 FROM sales AS s WHERE s.buyer = b.id) AS e, CASE WHEN NOT EXISTS (SELECT 1 FROM sales AS s WHERE s.city = b.city AND s.amount < 5) THEN 1 ELSE 0 END AS n FROM buyers AS b;
