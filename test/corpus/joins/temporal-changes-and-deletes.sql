-- Versions from a change log: updates begin versions, a delete ends them.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE changes (
  product STRING, price INT, since TIMESTAMP(3), WATERMARK FOR since AS since, PRIMARY KEY (product) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_changes.debezium', 'format' = 'debezium-json');
SELECT o.id, o.product, c.price FROM orders o LEFT JOIN changes FOR SYSTEM_TIME AS OF o.`at` AS c ON o.product = c.product;
