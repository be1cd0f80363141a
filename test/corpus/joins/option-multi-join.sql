-- table.optimizer.multi-join.enabled with rows that change.
-- compare: fold
SET 'table.optimizer.multi-join.enabled' = 'true';
CREATE TABLE orders (
  oid INT,
  cid INT,
  region STRING,
  amount DECIMAL(10, 2),
  qty INT,
  ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_orders.jsonl', 'format' = 'json');
CREATE TABLE accounts (
  aid INT,
  owner STRING,
  balance INT,
  PRIMARY KEY (aid) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_accounts_cdc.jsonl', 'format' = 'debezium-json');
CREATE TABLE payments (
  pid STRING,
  oid INT,
  paid DECIMAL(10, 2),
  `method` STRING,
  ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_payments.jsonl', 'format' = 'json');
SELECT o.oid, c.owner, p.pid FROM orders o LEFT JOIN accounts c ON o.cid = c.aid JOIN payments p ON p.oid = o.oid;
