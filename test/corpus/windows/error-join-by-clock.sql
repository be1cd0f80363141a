-- Windows of processing time are not joined.
CREATE TABLE orders (
  id INT, buyer STRING, pt AS PROCTIME()
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
SELECT L.id, R.id AS other FROM TUMBLE(TABLE orders, DESCRIPTOR(pt), INTERVAL '1' DAY) L
JOIN TUMBLE(TABLE orders, DESCRIPTOR(pt), INTERVAL '1' DAY) R ON L.buyer = R.buyer AND L.window_start = R.window_start AND L.window_end = R.window_end;
