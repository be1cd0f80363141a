-- A key that compares NULL with NULL in an interval join.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT o.id, o.buyer, p.nr FROM orders o LEFT JOIN payments p
ON o.buyer IS NOT DISTINCT FROM p.buyer AND o.product = p.product AND p.`at` BETWEEN o.`at` AND o.`at` + INTERVAL '2' MINUTE;
