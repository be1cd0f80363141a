-- Rows that change, kept where no row of the other table is less.
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
SELECT aid, owner, balance FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE a.aid = o.cid AND a.balance > o.amount);
