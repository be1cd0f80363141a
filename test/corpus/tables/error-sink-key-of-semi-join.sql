-- Rows went to subtasks by another column than their key.
-- compare: changes
CREATE TABLE bb (id INT, k STRING, sub INT, v INT) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE pk (id INT, k STRING, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
CREATE TABLE s (id INT, k STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='blackhole');
INSERT INTO s SELECT id, k FROM pk WHERE v IN (SELECT sub FROM bb);
SELECT 1;
