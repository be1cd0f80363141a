-- Windows of a TIMESTAMP_LTZ with nanoseconds.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT window_start, window_time, COUNT(*) AS n FROM TABLE(TUMBLE((SELECT CAST(ts AS TIMESTAMP_LTZ(9)) AS t FROM orders), DESCRIPTOR(t), INTERVAL '10' MINUTE))
GROUP BY window_start, window_end, window_time;
