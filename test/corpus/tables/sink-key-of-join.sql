-- A left join by primary keys keeps the key of its left side.
-- compare: changes
CREATE TABLE bk (id INT, k STRING, sub INT, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE s (id INT, k STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='blackhole');
INSERT INTO s SELECT a.id, b.k FROM bk a LEFT JOIN bk b ON a.id = b.id;
SELECT 1;
