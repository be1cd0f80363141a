-- The time of windows, moved, and windows by it.
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT TUMBLE_START(t, INTERVAL '1' HOUR) AS ws, SUM(n) AS n FROM (
  SELECT window_time + INTERVAL '30' MINUTE AS t, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' MINUTE)) GROUP BY window_start, window_end, window_time)
GROUP BY TUMBLE(t, INTERVAL '1' HOUR);
