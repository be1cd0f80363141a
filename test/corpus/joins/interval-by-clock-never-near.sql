-- Every left row would have to come an hour after the right one: it is shown alone at once, and right rows wait for their time, which does not come.
-- compare: fold
CREATE TABLE orders (
  id INT, buyer STRING, pt AS PROCTIME()
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, pt AS PROCTIME()
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT o.id, p.nr FROM orders o FULL JOIN payments p ON o.buyer = p.buyer AND o.pt BETWEEN p.pt + INTERVAL '1' HOUR AND p.pt + INTERVAL '2' HOUR;
