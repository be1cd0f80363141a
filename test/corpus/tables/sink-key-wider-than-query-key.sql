-- The key of the table may hold more columns than that of the query.
-- compare: changes
CREATE TABLE bb (id INT, k STRING, sub INT, v INT) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE s (k STRING, n BIGINT, PRIMARY KEY (k, n) NOT ENFORCED) WITH ('connector'='blackhole');
INSERT INTO s SELECT k, COUNT(*) FROM bb WHERE k IS NOT NULL GROUP BY k;
SELECT 1;
