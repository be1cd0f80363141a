-- A scalar subquery that reads the key of the group. Flink has no plan for it.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT city, SUM(amount) AS total, (SELECT COUNT(*) FROM buyers AS b WHERE b.city = sales.city) AS people FROM sales GROUP BY city;
