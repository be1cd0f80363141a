-- An interval join compares event times of one type.
CREATE TABLE orders (
  id INT, buyer STRING, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, `at` TIMESTAMP(3), ltz AS CAST(`at` AS TIMESTAMP_LTZ(3)), WATERMARK FOR ltz AS ltz - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT o.id, p.nr FROM orders o JOIN payments p ON o.buyer = p.buyer AND p.ltz BETWEEN o.`at` AND o.`at` + INTERVAL '2' MINUTE;
