-- FULL JOIN with rows that change, by a key and an inequality.
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
SELECT o.oid, a.aid, a.owner FROM orders o FULL JOIN accounts a ON o.cid = a.aid AND a.balance > o.qty;
