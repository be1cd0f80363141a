-- A subquery in a subquery; the inner one reads the row around both.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT b.id FROM buyers AS b WHERE EXISTS (SELECT 1 FROM sales AS s WHERE s.buyer = b.id AND EXISTS (SELECT 1 FROM buyers AS o WHERE o.city = s.city AND o.score >= b.score AND o.id <> b.id));
