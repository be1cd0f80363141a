-- A window join written with a comma and WHERE.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT L.id, R.nr, L.window_start FROM TUMBLE(TABLE orders, DESCRIPTOR(`at`), INTERVAL '2' MINUTES) L, TUMBLE(TABLE payments, DESCRIPTOR(`at`), INTERVAL '2' MINUTES) R
WHERE L.window_start = R.window_start AND L.window_end = R.window_end AND L.buyer = R.buyer;
