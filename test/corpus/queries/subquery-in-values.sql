-- A subquery in VALUES.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
SELECT x FROM (VALUES ((SELECT MAX(amount) FROM sales)), (2)) AS t(x);
