-- An interval join of an interval join, by the event time of the first table.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT o.id, p.nr, q.nr AS again FROM orders o
JOIN payments p ON o.buyer = p.buyer AND p.`at` BETWEEN o.`at` AND o.`at` + INTERVAL '1' MINUTE
LEFT JOIN payments q ON o.buyer = q.buyer AND q.`at` BETWEEN o.`at` + INTERVAL '1' SECOND AND o.`at` + INTERVAL '5' MINUTE AND q.nr > p.nr;
