-- IN and EXISTS in the branches of a CASE that filters.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT id FROM buyers WHERE CASE WHEN city = 'oslo' THEN id IN (SELECT buyer FROM sales) ELSE EXISTS (SELECT 1 FROM sales WHERE amount = score) END;
