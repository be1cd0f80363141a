-- A join by other columns loses the key.
-- compare: changes
CREATE TABLE bk (id INT, k STRING, sub INT, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE pk (id INT, k STRING, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
CREATE TABLE s (id INT, k STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='blackhole');
INSERT INTO s SELECT a.id, b.k FROM pk a JOIN bk b ON a.v = b.id;
SELECT 1;
