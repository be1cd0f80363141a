-- Windows of the right event time above a right interval join.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW joined AS SELECT o.id, p.`at` AS pat, p.nr FROM orders o RIGHT JOIN payments p
ON o.buyer = p.buyer AND o.product = p.product AND o.`at` > p.`at` - INTERVAL '2' MINUTE AND o.`at` <= p.`at`;
SELECT window_start, COUNT(*) AS n, COUNT(id) AS known FROM TABLE(TUMBLE(TABLE joined, DESCRIPTOR(pat), INTERVAL '90' SECOND)) GROUP BY window_start, window_end;
