-- A sample of all rows keeps event time.
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT window_start, window_end, COUNT(*) AS n FROM TABLE(TUMBLE((SELECT * FROM orders TABLESAMPLE SYSTEM (100)), DESCRIPTOR(ts), INTERVAL '10' MINUTE))
GROUP BY window_start, window_end;
