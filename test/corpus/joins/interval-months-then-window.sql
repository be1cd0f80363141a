-- A bound of a month keeps event time, so a window may follow.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT o.id, p.nr, TUMBLE_START(o.`at`, INTERVAL '1' MINUTE) AS ws
FROM orders o JOIN payments p ON o.buyer = p.buyer AND p.`at` BETWEEN o.`at` - INTERVAL '2' MONTH AND o.`at` + INTERVAL '1' MONTH
GROUP BY TUMBLE(o.`at`, INTERVAL '1' MINUTE), o.id, p.nr;
