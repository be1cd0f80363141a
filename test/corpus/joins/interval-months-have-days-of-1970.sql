-- Months of the bounds are counted from 1970 on: two back are 61 days, one ahead is 31.
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT o.id, p.nr FROM orders o LEFT JOIN payments p ON o.buyer = p.buyer AND o.product = p.product
  AND p.`at` BETWEEN o.`at` - INTERVAL '2' MONTH + INTERVAL '61' DAY AND o.`at` + INTERVAL '1' MONTH - INTERVAL '30' DAY - INTERVAL '23:58' HOUR TO MINUTE;
