-- A filter of versions by what the view does not show, where each key has one.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW versions AS SELECT product, since, price FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY product ORDER BY since DESC) AS rn FROM prices WHERE since BETWEEN TIMESTAMP '2024-05-01 09:20:00' AND TIMESTAMP '2024-05-01 09:50:00' OR product = 'čaj')
WHERE rn = 1 AND shop <> 'south';
SELECT o.id, v.price FROM orders AS o LEFT JOIN versions FOR SYSTEM_TIME AS OF o.`at` AS v ON o.product = v.product;
