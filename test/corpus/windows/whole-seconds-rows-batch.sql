-- window_time in whole seconds, as the time is.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT id, window_start, window_end, window_time FROM TABLE(TUMBLE((SELECT id, CAST(ts AS TIMESTAMP(0)) AS t FROM orders), DESCRIPTOR(t), INTERVAL '10' MINUTE)) WHERE id < 9;
