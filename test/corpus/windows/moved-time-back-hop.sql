-- Rows whose time is moved back are late for more windows.
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT city, HOP_START(ts - INTERVAL '7' MINUTE, INTERVAL '5' MINUTE, INTERVAL '10' MINUTE) AS ws, COUNT(*) AS n, SUM(qty) AS q
FROM orders GROUP BY city, HOP(ts - INTERVAL '7' MINUTE, INTERVAL '5' MINUTE, INTERVAL '10' MINUTE);
