-- Window table functions go by event time itself.
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW later AS SELECT id, city, qty, ts + INTERVAL '1' MINUTE AS ts2 FROM orders;
SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE later, DESCRIPTOR(ts2), INTERVAL '10' MINUTE)) GROUP BY window_start, window_end;
