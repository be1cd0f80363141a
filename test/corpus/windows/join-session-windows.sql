-- Sessions that are the same on both sides.
-- compare: fold
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  nr INT, buyer STRING, product STRING, paid DECIMAL(8, 2), `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_payments.jsonl', 'format' = 'json');
SELECT L.id, R.nr, L.window_start, L.window_end FROM SESSION(TABLE orders PARTITION BY buyer, DESCRIPTOR(`at`), INTERVAL '1' MINUTE) L
JOIN SESSION(TABLE orders PARTITION BY buyer, DESCRIPTOR(`at`), INTERVAL '1' MINUTE) M ON L.window_start = M.window_start AND L.window_end = M.window_end AND L.buyer = M.buyer
JOIN payments R ON R.nr = 100 + M.id;
