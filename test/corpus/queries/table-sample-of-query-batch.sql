-- A sample of a query, and a subquery of none.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT id FROM (SELECT id, qty FROM orders WHERE qty > 1) AS big TABLESAMPLE SYSTEM (1e2)
WHERE big.id NOT IN (SELECT id FROM orders TABLESAMPLE SYSTEM (0)) AND big.id < 20;
