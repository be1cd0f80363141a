-- NOT IN over an outer join that pads: the NULL of a row without a match is in the list, so nobody passes.
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT id FROM buyers WHERE id NOT IN (SELECT b.id FROM (SELECT id FROM buyers WHERE score > 1000000) AS b RIGHT JOIN sales AS s ON s.buyer = b.id)
UNION ALL SELECT -1;
