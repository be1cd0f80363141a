-- EXISTS and IN in the ON of an inner join. Flink has no plan for it.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT b.id, s.sid FROM buyers AS b JOIN sales AS s ON b.id = s.buyer AND EXISTS (SELECT 1 FROM buyers AS o WHERE o.city = s.city AND o.id <> b.id);
