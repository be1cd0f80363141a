-- The first rows of an order have no key.
-- compare: changes
CREATE TABLE bk (id INT, k STRING, sub INT, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE s (id INT, k STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='blackhole');
INSERT INTO s SELECT id, k FROM bk ORDER BY v LIMIT 3;
SELECT 1;
