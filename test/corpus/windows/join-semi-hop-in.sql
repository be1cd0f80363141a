-- IN over HOP windows is a semi window join.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT id, window_start FROM (SELECT * FROM HOP(TABLE orders, DESCRIPTOR(`at`), INTERVAL '1' MINUTE, INTERVAL '2' MINUTES)) L
WHERE L.buyer IN (SELECT R.buyer FROM (SELECT * FROM HOP(TABLE payments, DESCRIPTOR(`at`), INTERVAL '1' MINUTE, INTERVAL '2' MINUTES)) R
  WHERE L.window_start = R.window_start AND L.window_end = R.window_end AND R.paid > L.pieces);
