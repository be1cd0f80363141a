-- WHERE bounds the processing times; windows of them go on from the join, and their time does not come.
-- compare: fold
CREATE TABLE orders (
  id INT, buyer STRING, pt AS PROCTIME()
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, pt AS PROCTIME()
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
CREATE VIEW near AS SELECT o.id, p.nr, o.pt FROM orders o, payments p WHERE o.buyer = p.buyer AND o.pt > p.pt - INTERVAL '1' HOUR AND o.pt <= p.pt + INTERVAL '1' HOUR;
SELECT id, COUNT(*) FROM near GROUP BY id
UNION ALL
SELECT -1, COUNT(*) FROM TABLE(TUMBLE(TABLE near, DESCRIPTOR(pt), INTERVAL '90' DAY)) GROUP BY window_start, window_end;
