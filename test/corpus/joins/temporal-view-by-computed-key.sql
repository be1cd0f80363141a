-- Versions by a key that is computed.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW versions AS SELECT up, price, since FROM (
  SELECT price, since, UPPER(product) AS up, ROW_NUMBER() OVER (PARTITION BY UPPER(product) ORDER BY since DESC) AS rn FROM prices) WHERE rn = 1;
SELECT o.id, v.up, v.price FROM orders AS o LEFT JOIN versions FOR SYSTEM_TIME AS OF o.`at` AS v ON UPPER(o.product) = v.up;
