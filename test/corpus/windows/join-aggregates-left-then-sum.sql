-- Window aggregates of two tables side by side, summed over the window.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT window_start, window_end, COUNT(*) AS n, SUM(pieces) AS pieces, SUM(paid) AS paid FROM (
  SELECT L.window_start, L.window_end, L.pieces, R.paid FROM
  (SELECT window_start, window_end, buyer, SUM(pieces) AS pieces FROM TUMBLE(TABLE orders, DESCRIPTOR(`at`), INTERVAL '2' MINUTES) GROUP BY window_start, window_end, buyer) L
  LEFT JOIN (SELECT window_start, window_end, buyer, SUM(paid) AS paid FROM TUMBLE(TABLE payments, DESCRIPTOR(`at`), INTERVAL '2' MINUTES) GROUP BY window_start, window_end, buyer) R
  ON L.window_start = R.window_start AND L.window_end = R.window_end AND L.buyer = R.buyer)
GROUP BY window_start, window_end;
