-- TIMESTAMPADD makes a plain time.
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT COUNT(*) AS n FROM (SELECT TIMESTAMPADD(MINUTE, 1, ts) AS t FROM orders) GROUP BY TUMBLE(t, INTERVAL '10' MINUTE);
