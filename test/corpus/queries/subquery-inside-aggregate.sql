-- IN inside of an aggregate.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT city, SUM(CASE WHEN buyer IN (SELECT id FROM buyers WHERE score > 5) THEN amount ELSE 0 END) AS good, COUNT(*) AS n FROM sales GROUP BY city;
