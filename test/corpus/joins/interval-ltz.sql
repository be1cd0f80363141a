-- An interval join by TIMESTAMP_LTZ in a zone of summer time.
-- compare: fold
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE orders (
  id INT, buyer STRING, `at` TIMESTAMP(3), ltz AS CAST(`at` AS TIMESTAMP_LTZ(3)), WATERMARK FOR ltz AS ltz - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, `at` TIMESTAMP(3), ltz AS CAST(`at` AS TIMESTAMP_LTZ(3)), WATERMARK FOR ltz AS ltz - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT o.id, p.nr, CAST(p.ltz AS STRING) AS paid_at FROM orders o LEFT JOIN payments p ON o.buyer = p.buyer AND p.ltz BETWEEN o.ltz AND o.ltz + INTERVAL '2' MINUTE;
