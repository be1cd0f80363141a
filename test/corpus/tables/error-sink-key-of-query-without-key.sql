-- Changes without a key into a table with one.
-- compare: changes
CREATE TABLE p (id INT, k STRING, v INT) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
CREATE TABLE s (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector'='blackhole');
INSERT INTO s SELECT k, v FROM p WHERE k IS NOT NULL;
SELECT 1;
