-- A moved event time is shown as event time.
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW later AS SELECT id, city, qty, ts + INTERVAL '1' MINUTE AS ts2 FROM orders;
DESCRIBE later;
