-- A join of windows, by times with microseconds and in whole seconds.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT a.id, b.id AS other, a.window_start FROM (SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '2' MINUTE))) AS a
JOIN (SELECT * FROM TABLE(TUMBLE((SELECT id, city, CAST(ts AS TIMESTAMP(0)) AS t FROM orders), DESCRIPTOR(t), INTERVAL '2' MINUTE))) AS b
ON a.window_start = b.window_start AND a.window_end = b.window_end AND a.city = b.city;
