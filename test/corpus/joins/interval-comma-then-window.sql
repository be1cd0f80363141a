-- An interval join written with a comma and WHERE keeps both event times.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW joined AS SELECT o.id, p.`at` AS pat, p.paid FROM orders AS o, payments AS p
WHERE o.product = p.product AND o.`at` BETWEEN p.`at` - INTERVAL '3' MINUTE AND p.`at` + INTERVAL '1' SECOND AND p.paid > 1;
SELECT window_start, COUNT(*) AS n, SUM(paid) AS paid FROM TABLE(TUMBLE(TABLE joined, DESCRIPTOR(pat), INTERVAL '2' MINUTE)) GROUP BY window_start, window_end;
