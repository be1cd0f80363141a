-- ROW constructors as keys: a row with a NULL field matches none.
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
SELECT o.oid, c.name FROM orders o JOIN customers c ON ROW(o.cid, o.region) = ROW(c.id, c.region);
