-- Groups as versions, each valid from the latest time of its rows on.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW totals AS SELECT MAX(since) AS since, COUNT(*) AS n, product, MAX(price) AS dearest FROM prices GROUP BY product;
SELECT o.id, t.n, t.dearest, t.since FROM orders AS o LEFT JOIN totals FOR SYSTEM_TIME AS OF o.`at` AS t ON o.product = t.product;
