-- INT and DECIMAL as the two sides of a key, LEFT JOIN.
-- compare: fold
CREATE TABLE orders (
  oid INT,
  cid INT,
  region STRING,
  amount DECIMAL(10, 2),
  qty INT,
  ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  pid STRING,
  oid INT,
  paid DECIMAL(10, 2),
  `method` STRING,
  ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_payments.jsonl', 'format' = 'json');
SELECT o.oid, p.pid FROM orders o LEFT JOIN payments p ON o.qty = p.paid;
