-- A filter of keys above a versioned view, and an inner join.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW versions AS SELECT product, price, since FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY product ORDER BY since DESC) AS rn FROM prices) WHERE rn = 1;
CREATE TEMPORARY VIEW `some` AS SELECT since, product, price FROM versions WHERE product NOT LIKE 'm%';
SELECT o.id, v.* FROM orders AS o JOIN `some` FOR SYSTEM_TIME AS OF o.`at` AS v ON o.product = v.product;
