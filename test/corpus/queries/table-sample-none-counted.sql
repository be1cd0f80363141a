-- The aggregate of no rows is there, also in streaming mode.
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT COUNT(*) AS n, SUM(qty) AS q FROM orders TABLESAMPLE BERNOULLI (0);
