-- Early results of windows by a moved event time.
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT TUMBLE_START(ts + INTERVAL '1' MINUTE, INTERVAL '10' MINUTE) AS ws, COUNT(*) AS n FROM orders GROUP BY TUMBLE(ts + INTERVAL '1' MINUTE, INTERVAL '10' MINUTE);
