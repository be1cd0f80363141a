-- Rows that change, kept where they are in rows that change.
-- compare: fold
CREATE TABLE accounts (
  aid INT,
  owner STRING,
  balance INT,
  PRIMARY KEY (aid) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_accounts_cdc.jsonl', 'format' = 'debezium-json');
SELECT aid, owner FROM accounts a WHERE owner IN (SELECT owner FROM accounts WHERE balance > 20);
