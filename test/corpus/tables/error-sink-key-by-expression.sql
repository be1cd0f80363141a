-- A key that is computed is none.
-- compare: changes
CREATE TABLE bb (id INT, k STRING, sub INT, v INT) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE s (k INT, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector'='blackhole');
INSERT INTO s SELECT id + 1, COUNT(*) FROM bb GROUP BY id;
SELECT 1;
