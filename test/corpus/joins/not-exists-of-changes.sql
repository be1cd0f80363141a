-- NOT EXISTS over rows that change.
-- compare: fold
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
SELECT oid, cid FROM orders o WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.aid = o.cid AND a.balance > 50);
