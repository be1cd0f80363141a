-- The old windows by a time with microseconds: its _ROWTIME has them.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT city, TUMBLE_START(ts, INTERVAL '30' MINUTE) AS ws, TUMBLE_END(ts, INTERVAL '30' MINUTE) AS we, TUMBLE_ROWTIME(ts, INTERVAL '30' MINUTE) AS wt, COUNT(*) AS n
FROM orders GROUP BY city, TUMBLE(ts, INTERVAL '30' MINUTE);
