-- Groups of two keys as versions, computed with, and met by an inner join.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW totals AS SELECT product, shop, s * 2 AS twice, t FROM (SELECT product, shop, SUM(price) AS s, MAX(since) AS t FROM prices WHERE price < 11 GROUP BY product, shop);
SELECT o.id, t.twice, t.t FROM (SELECT *, CASE WHEN pieces > 1 THEN 'north' ELSE 'south' END AS shop FROM orders) AS o JOIN totals FOR SYSTEM_TIME AS OF o.`at` AS t ON o.product = t.product AND o.shop = t.shop;
