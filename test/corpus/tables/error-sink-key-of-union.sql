-- Rows of UNION ALL have no key.
-- compare: changes
CREATE TABLE bb (id INT, k STRING, sub INT, v INT) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE bk (id INT, k STRING, sub INT, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE s (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector'='blackhole');
INSERT INTO s SELECT k, COUNT(*) FROM bb WHERE k IS NOT NULL GROUP BY k UNION ALL SELECT k, COUNT(*) FROM bk WHERE k IS NOT NULL GROUP BY k;
SELECT 1;
