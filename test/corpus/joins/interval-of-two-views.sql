-- Event times pass views under other names into an interval join.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW big AS SELECT id AS key, buyer AS who, `at` AS happened FROM orders WHERE pieces > 1;
CREATE TEMPORARY VIEW later AS SELECT * FROM payments WHERE paid > 1;
SELECT b.key, l.nr FROM big b JOIN later l ON b.who = l.buyer AND b.happened BETWEEN l.`at` - INTERVAL '100' SECOND(3) AND l.`at`;
