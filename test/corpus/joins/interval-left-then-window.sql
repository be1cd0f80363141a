-- The padded rows of a left interval join are in time for windows of the left event time.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW joined AS SELECT o.id, o.`at` AS oat, p.nr FROM orders o LEFT JOIN payments p
ON o.buyer = p.buyer AND p.`at` BETWEEN o.`at` - INTERVAL '10' SECOND AND o.`at` + INTERVAL '50' SECOND;
SELECT window_start, COUNT(*) AS n, COUNT(nr) AS paid FROM TABLE(TUMBLE(TABLE joined, DESCRIPTOR(oat), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
