-- A correlated UNION ALL. Flink has no plan for it.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT id FROM buyers AS x WHERE EXISTS (SELECT 1 FROM sales AS s WHERE s.buyer = x.id UNION ALL SELECT 1 FROM sales AS s WHERE s.amount = x.score);
