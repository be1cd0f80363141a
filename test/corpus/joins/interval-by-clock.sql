-- An interval of processing time that is longer than the job.
-- compare: fold
CREATE TABLE orders (
  id INT, buyer STRING, pt AS PROCTIME()
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, pt AS PROCTIME()
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT o.id, p.nr FROM orders o JOIN payments p ON o.buyer = p.buyer AND o.pt BETWEEN p.pt - INTERVAL '1' HOUR AND p.pt + INTERVAL '1' HOUR;
