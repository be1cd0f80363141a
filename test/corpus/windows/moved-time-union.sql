-- Two tables of moved times.
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT TUMBLE_START(t, INTERVAL '10' MINUTE) AS ws, COUNT(*) AS n FROM (SELECT ts + INTERVAL '1' HOUR AS t FROM orders WHERE id < 20 UNION ALL SELECT ts + INTERVAL '1' HOUR FROM orders WHERE id < 0)
GROUP BY TUMBLE(t, INTERVAL '10' MINUTE);
