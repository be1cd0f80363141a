-- A version by two columns, one of them compared with a literal on the left side.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE, PRIMARY KEY (product, shop) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
SELECT o.id, p.shop, p.price FROM (SELECT *, CASE WHEN MOD(id, 2) = 0 THEN 'north' ELSE 'south' END AS shop FROM orders) AS o
JOIN prices FOR SYSTEM_TIME AS OF o.`at` AS p ON o.product = p.product AND o.shop = p.shop;
