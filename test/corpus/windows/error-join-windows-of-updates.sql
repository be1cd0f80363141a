-- A window join takes rows that are only added.
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE changes (
  product STRING, price INT, since TIMESTAMP(3), WATERMARK FOR since AS since, PRIMARY KEY (product) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_changes.debezium', 'format' = 'debezium-json');
SELECT L.id, R.price FROM (SELECT * FROM TUMBLE(TABLE orders, DESCRIPTOR(`at`), INTERVAL '10' MINUTES)) L
JOIN (SELECT * FROM TUMBLE(TABLE changes, DESCRIPTOR(since), INTERVAL '10' MINUTES)) R ON L.product = R.product AND L.window_start = R.window_start AND L.window_end = R.window_end;
