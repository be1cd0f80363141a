-- A filter of versions would leave older ones valid.
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE, PRIMARY KEY (product) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW some_prices AS SELECT product, price, since FROM prices WHERE price > 2;
SELECT o.id, p.price FROM orders o JOIN some_prices FOR SYSTEM_TIME AS OF o.`at` AS p ON o.product = p.product;
