-- Sessions by a moved event time, of rows that were filtered by it.
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW later AS SELECT id, city, qty, ts + INTERVAL '1' MINUTE AS ts2 FROM orders;
SELECT city, SESSION_START(ts2, INTERVAL '5' MINUTE) AS ws, SESSION_END(ts2, INTERVAL '5' MINUTE) AS we, COUNT(*) AS n
FROM (SELECT * FROM later WHERE ts2 > TIMESTAMP '2024-03-15 12:10:00') AS x GROUP BY city, SESSION(ts2, INTERVAL '5' MINUTE);
