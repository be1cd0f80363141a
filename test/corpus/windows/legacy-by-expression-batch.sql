-- In batch mode the old windows go by any TIMESTAMP, also a computed one.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT TUMBLE_START(ts + INTERVAL '1' HOUR, INTERVAL '10' MINUTE) AS ws, TUMBLE_END(ts + INTERVAL '1' HOUR, INTERVAL '10' MINUTE) AS we, COUNT(*) AS n
FROM orders WHERE qty > 1 GROUP BY TUMBLE(ts + INTERVAL '1' HOUR, INTERVAL '10' MINUTE);
