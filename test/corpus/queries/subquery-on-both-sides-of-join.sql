-- A join of a filtered and a grouped query.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT t.id FROM (SELECT id, city FROM buyers WHERE id IN (SELECT buyer FROM sales)) t JOIN (SELECT city FROM sales GROUP BY city HAVING COUNT(*) > 1) u ON t.city = u.city;
