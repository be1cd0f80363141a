-- An interval join takes rows that are only added.
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
CREATE TABLE changes (
  product STRING, price INT, since TIMESTAMP(3), WATERMARK FOR since AS since, PRIMARY KEY (product) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_changes.debezium', 'format' = 'debezium-json');
SELECT o.id, c.price FROM orders o JOIN changes c ON o.product = c.product AND o.`at` BETWEEN c.since AND c.since + INTERVAL '1' MINUTE;
