-- Rows that change joined with themselves by an inequality.
-- compare: fold
CREATE TABLE accounts (
  aid INT,
  owner STRING,
  balance INT,
  PRIMARY KEY (aid) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_accounts_cdc.jsonl', 'format' = 'debezium-json');
SELECT a.aid, b.aid AS bid, a.balance - b.balance AS diff FROM accounts a JOIN accounts b ON a.balance > b.balance;
