-- A scalar subquery with two columns is refused.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT id, (SELECT sid, city FROM sales WHERE sid = 100) AS x FROM buyers;
