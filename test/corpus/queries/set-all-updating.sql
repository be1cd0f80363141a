-- INTERSECT ALL and EXCEPT ALL of rows that change.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT 'i' AS op, city FROM (SELECT city FROM buyers INTERSECT ALL SELECT city FROM sales) UNION ALL SELECT 'e', city FROM (SELECT city FROM buyers EXCEPT ALL SELECT city FROM sales);
