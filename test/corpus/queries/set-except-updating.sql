-- EXCEPT of rows that change, both ways.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT 'b' AS side, id FROM (SELECT id FROM buyers EXCEPT SELECT buyer FROM sales) UNION ALL SELECT 's', buyer FROM (SELECT buyer FROM sales EXCEPT SELECT id FROM buyers);
