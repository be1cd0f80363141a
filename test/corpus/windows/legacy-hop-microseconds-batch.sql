-- The old HOP by a time with microseconds.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT city, HOP_START(ts, INTERVAL '5' MINUTE, INTERVAL '10' MINUTE) AS ws, COUNT(*) AS n FROM orders GROUP BY city, HOP(ts, INTERVAL '5' MINUTE, INTERVAL '10' MINUTE);
