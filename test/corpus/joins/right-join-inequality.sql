-- RIGHT JOIN by an inequality alone.
-- compare: fold
CREATE TABLE orders (
  oid INT,
  cid INT,
  region STRING,
  amount DECIMAL(10, 2),
  qty INT,
  ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_orders.jsonl', 'format' = 'json');
CREATE TABLE customers (
  id INT,
  name STRING,
  region STRING,
  tier STRING
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_customers.jsonl', 'format' = 'json');
SELECT o.oid, c.name FROM orders o RIGHT JOIN customers c ON o.qty > c.id;
