-- The hint MULTI_JOIN on two LEFT JOINs.
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
CREATE TABLE payments (
  pid STRING,
  oid INT,
  paid DECIMAL(10, 2),
  `method` STRING,
  ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_payments.jsonl', 'format' = 'json');
SELECT /*+ MULTI_JOIN(o, c, p) */ o.oid, c.name, p.pid FROM orders o LEFT JOIN customers c ON o.cid = c.id LEFT JOIN payments p ON p.oid = o.oid;
