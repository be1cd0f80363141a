-- ANY, ALL and SOME against rows that change.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT 'lt-any' AS q, id FROM buyers WHERE score < ANY (SELECT amount FROM sales WHERE city = 'oslo') UNION ALL SELECT 'ge-all', id FROM buyers WHERE score >= ALL (SELECT amount FROM sales WHERE city = 'oslo') UNION ALL SELECT 'ne-all', id FROM buyers WHERE id <> ALL (SELECT buyer FROM sales WHERE buyer IS NOT NULL) UNION ALL SELECT 'ne-some', id FROM buyers WHERE city <> SOME (SELECT city FROM sales WHERE city IS NOT NULL);
