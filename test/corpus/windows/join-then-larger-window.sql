-- The window_time of one side of a window join feeds larger windows.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW joined AS SELECT L.id, R.nr, L.window_time AS t FROM (SELECT * FROM TUMBLE(TABLE orders, DESCRIPTOR(`at`), INTERVAL '1' MINUTE)) L
LEFT JOIN (SELECT * FROM TUMBLE(TABLE payments, DESCRIPTOR(`at`), INTERVAL '1' MINUTE)) R ON L.window_start = R.window_start AND L.window_end = R.window_end;
SELECT window_start, window_end, COUNT(*) AS n, COUNT(nr) AS paid FROM TABLE(TUMBLE(TABLE joined, DESCRIPTOR(t), INTERVAL '4' MINUTE)) GROUP BY window_start, window_end;
