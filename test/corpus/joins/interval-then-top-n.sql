-- Top-N above an interval join.
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
SELECT * FROM (SELECT o.region, o.oid, p.paid, ROW_NUMBER() OVER (PARTITION BY o.region ORDER BY p.paid DESC) AS rn FROM orders o JOIN payments p ON o.oid = p.oid AND p.ts BETWEEN o.ts AND o.ts + INTERVAL '10' MINUTE) WHERE rn <= 2;
