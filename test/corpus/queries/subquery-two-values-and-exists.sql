-- Two correlated values beside a correlated EXISTS.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT id, (SELECT AVG(amount) FROM sales s WHERE s.city = x.city) AS a, (SELECT MIN(sid) FROM sales s WHERE s.buyer = x.id) AS m FROM buyers x WHERE EXISTS (SELECT 1 FROM sales s WHERE s.city = x.city);
