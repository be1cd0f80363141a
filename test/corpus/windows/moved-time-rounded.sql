-- The old windows by an event time that is rounded, chosen or moved by what the row says.
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT TUMBLE_START(t, INTERVAL '10' MINUTE) AS ws, TUMBLE_ROWTIME(t, INTERVAL '10' MINUTE) AS wt, COUNT(*) AS n, MAX(t) AS last_t FROM (
  SELECT GREATEST(FLOOR(ts TO MINUTE), CASE WHEN qty > 1 THEN ts ELSE CEIL(ts TO MINUTE) END, COALESCE(ts + INTERVAL '1' MINUTE * qty, ts)) AS t FROM orders)
GROUP BY TUMBLE(t, INTERVAL '10' MINUTE);
