-- OVER in the order of the event time that an interval join keeps.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW joined AS SELECT o.id, o.buyer, o.`at` AS oat, p.paid FROM orders o JOIN payments p
ON o.buyer = p.buyer AND p.`at` BETWEEN o.`at` AND o.`at` + INTERVAL '3' MINUTE;
SELECT id, paid, SUM(paid) OVER (PARTITION BY buyer ORDER BY oat RANGE BETWEEN INTERVAL '2' MINUTE PRECEDING AND CURRENT ROW) AS lately FROM joined;
