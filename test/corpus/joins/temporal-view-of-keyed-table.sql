-- A view over a table with a primary key has versions too.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE, PRIMARY KEY (product) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW versions AS SELECT product, price * 2 AS twice, since FROM prices;
SELECT o.id, v.twice FROM orders AS o JOIN versions FOR SYSTEM_TIME AS OF o.`at` AS v ON o.product = v.product;
