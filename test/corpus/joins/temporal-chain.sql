-- Two temporal joins by the same event time.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE, PRIMARY KEY (product) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
CREATE TABLE changes (
  product STRING, price INT, since TIMESTAMP(3), WATERMARK FOR since AS since, PRIMARY KEY (product) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_changes.debezium', 'format' = 'debezium-json');
SELECT o.id, p.price, c.price AS changed FROM orders o LEFT JOIN prices FOR SYSTEM_TIME AS OF o.`at` AS p ON o.product = p.product
LEFT JOIN changes FOR SYSTEM_TIME AS OF o.`at` AS c ON o.product = c.product;
