-- NATURAL JOIN of tables without a common column is a cross join.
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
SELECT oid, name FROM (SELECT oid FROM orders) NATURAL JOIN (SELECT name FROM customers);
