-- The right side of a temporal join has no event time above it.
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE, PRIMARY KEY (product) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW priced AS SELECT o.id, p.since FROM orders o JOIN prices FOR SYSTEM_TIME AS OF o.`at` AS p ON o.product = p.product;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE priced, DESCRIPTOR(since), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
