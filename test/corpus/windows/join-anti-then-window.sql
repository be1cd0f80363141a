-- The window_time of the left side survives an anti window join.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW unpaid AS SELECT L.id, L.window_time AS t FROM (SELECT * FROM TUMBLE(TABLE orders, DESCRIPTOR(`at`), INTERVAL '1' MINUTE)) L
WHERE NOT EXISTS (SELECT * FROM (SELECT * FROM TUMBLE(TABLE payments, DESCRIPTOR(`at`), INTERVAL '1' MINUTE)) R
  WHERE L.buyer = R.buyer AND L.window_start = R.window_start AND L.window_end = R.window_end);
SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE unpaid, DESCRIPTOR(t), INTERVAL '3' MINUTE)) GROUP BY window_start, window_end;
