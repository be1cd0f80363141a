-- The old windows by a time that is made of a text.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT city, HOP_START(TO_TIMESTAMP(s), INTERVAL '5' MINUTE, INTERVAL '10' MINUTE) AS ws, COUNT(*) AS n
FROM (SELECT city, CAST(ts AS STRING) AS s FROM orders) GROUP BY city, HOP(TO_TIMESTAMP(s), INTERVAL '5' MINUTE, INTERVAL '10' MINUTE);
