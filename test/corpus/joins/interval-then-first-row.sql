-- The first payment of each order by the event time that an interval join keeps.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW joined AS SELECT o.id, p.nr, p.`at` AS pat FROM orders o JOIN payments p
ON o.buyer = p.buyer AND p.`at` BETWEEN o.`at` - INTERVAL '5' SECOND AND o.`at` + INTERVAL '5' MINUTE;
SELECT id, nr FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY pat ASC) AS rn FROM joined) WHERE rn = 1;
