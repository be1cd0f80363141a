-- Windows of windows, by a time with microseconds.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT window_start, window_end, SUM(n) AS n FROM TABLE(TUMBLE((
  SELECT window_time AS at_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' MINUTE)) GROUP BY window_start, window_end, window_time),
  DESCRIPTOR(at_end), INTERVAL '1' HOUR)) GROUP BY window_start, window_end;
