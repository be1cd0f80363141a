-- Samples of all rows and of none, by percentage and by name.
CREATE TABLE orders (
  id INT, customer STRING, city STRING, product STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_orders.jsonl', 'format' = 'json');
SELECT o.id, p.qty, n.qty AS nothing, s.city FROM orders AS o TABLESAMPLE BERNOULLI (100)
JOIN orders AS p TABLESAMPLE SYSTEM (100.0) REPEATABLE (-3) ON o.id = p.id
JOIN orders AS s TABLESAMPLE SUBSTITUTE ('medium') ON o.id = s.id
LEFT JOIN orders AS n TABLESAMPLE SYSTEM (0) REPEATABLE (5) ON o.id = n.id
UNION ALL SELECT id, qty, qty, city FROM orders TABLESAMPLE BERNOULLI (0);
