-- LEFT JOIN LATERAL with an inequality.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT b.id, t.sid FROM buyers AS b LEFT JOIN LATERAL (SELECT s.sid FROM sales AS s WHERE s.city = b.city AND s.amount > b.score) AS t ON TRUE;
