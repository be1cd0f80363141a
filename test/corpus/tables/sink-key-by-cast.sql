-- A key cast to text is still the key.
-- compare: changes
CREATE TABLE bb (id INT, k STRING, sub INT, v INT) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE s (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector'='blackhole');
INSERT INTO s SELECT CAST(id AS STRING), COUNT(*) FROM bb GROUP BY id;
SELECT 1;
