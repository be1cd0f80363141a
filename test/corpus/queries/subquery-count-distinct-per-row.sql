-- COUNT(DISTINCT) and COUNT of a column, correlated, inside of an expression.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT b.id, 10 + (SELECT COUNT(DISTINCT s.city) FROM sales AS s WHERE s.buyer = b.id) AS n, (SELECT COUNT(s.amount) * 2 FROM sales AS s WHERE s.city = b.city) AS m FROM buyers AS b;
