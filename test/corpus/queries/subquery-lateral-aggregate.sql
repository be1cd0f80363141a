-- LATERAL with a grouped subquery.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT b.id, t.city, t.n FROM buyers AS b, LATERAL (SELECT s.city, COUNT(*) AS n FROM sales AS s WHERE s.buyer = b.id GROUP BY s.city) AS t;
