-- RIGHT interval join, bounds on the right side.
-- compare: fold
CREATE TABLE orders (
  oid INT,
  cid INT,
  region STRING,
  amount DECIMAL(10, 2),
  qty INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (
  pid STRING,
  oid INT,
  paid DECIMAL(10, 2),
  `method` STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_payments.jsonl', 'format' = 'json');
SELECT o.oid, p.pid, p.paid FROM orders o RIGHT JOIN payments p ON o.oid = p.oid AND o.ts BETWEEN p.ts - INTERVAL '5' MINUTE AND p.ts;
