-- The left event time feeds windows above a left temporal join.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE, PRIMARY KEY (product) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW priced AS SELECT o.id, o.`at` AS oat, o.pieces * p.price AS worth FROM orders o LEFT JOIN prices FOR SYSTEM_TIME AS OF o.`at` AS p ON o.product = p.product;
SELECT window_start, COUNT(*) AS n, SUM(worth) AS worth FROM TABLE(TUMBLE(TABLE priced, DESCRIPTOR(oat), INTERVAL '3' MINUTE)) GROUP BY window_start, window_end;
