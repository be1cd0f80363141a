-- A full interval join with a condition that is no equality.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT o.id, o.pieces, p.nr, p.paid FROM orders o FULL JOIN payments p
ON o.product = p.product AND p.`at` BETWEEN o.`at` - INTERVAL '30' SECOND AND o.`at` + INTERVAL '2' MINUTE AND o.pieces < p.paid;
