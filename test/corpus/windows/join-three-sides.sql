-- A window join of a window join.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT L.id, R.nr, S.id AS other FROM (SELECT * FROM TUMBLE(TABLE orders, DESCRIPTOR(`at`), INTERVAL '3' MINUTES)) L
JOIN (SELECT * FROM TUMBLE(TABLE payments, DESCRIPTOR(`at`), INTERVAL '3' MINUTES)) R ON L.window_start = R.window_start AND L.window_end = R.window_end AND L.buyer = R.buyer
LEFT JOIN (SELECT * FROM TUMBLE(TABLE orders, DESCRIPTOR(`at`), INTERVAL '3' MINUTES)) S ON L.window_start = S.window_start AND L.window_end = S.window_end AND S.product = R.product AND S.id <> L.id;
