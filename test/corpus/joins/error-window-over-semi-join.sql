-- A semi join keeps no event time.
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW paid AS SELECT o.id, o.`at` AS oat FROM orders o WHERE o.buyer IN (SELECT p.buyer FROM payments p WHERE p.`at` BETWEEN o.`at` AND o.`at` + INTERVAL '4' MINUTE);
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE paid, DESCRIPTOR(oat), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
