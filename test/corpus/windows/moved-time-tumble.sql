-- The old windows by an event time that a view moved; their own time is event time again.
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW later AS SELECT id, city, qty, ts + INTERVAL '1' MINUTE AS ts2 FROM orders;
SELECT window_start, window_end, SUM(n) AS n FROM TABLE(TUMBLE((
  SELECT TUMBLE_ROWTIME(ts2, INTERVAL '10' MINUTE) AS rt, COUNT(*) AS n FROM later GROUP BY TUMBLE(ts2, INTERVAL '10' MINUTE)), DESCRIPTOR(rt), INTERVAL '1' HOUR))
GROUP BY window_start, window_end;
