-- Aggregates over a LEFT JOIN of rows that change.
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
SELECT a.owner, COUNT(*) AS n, COUNT(o.oid) AS m, SUM(o.amount) AS total, MAX(o.qty) AS hi FROM accounts a LEFT JOIN orders o ON o.cid = a.aid GROUP BY a.owner;
