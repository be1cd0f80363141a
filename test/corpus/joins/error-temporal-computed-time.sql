-- The time of a version is a column, not a computation.
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE, PRIMARY KEY (product) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
SELECT o.id, p.price FROM orders o JOIN prices FOR SYSTEM_TIME AS OF o.`at` - INTERVAL '1' MINUTE AS p ON o.product = p.product;
