-- OVER by partitions loses the key of its rows.
-- compare: changes
CREATE TABLE pk (id INT, k STRING, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
CREATE TABLE s (id INT, k STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='blackhole');
INSERT INTO s SELECT id, CAST(SUM(v) OVER (PARTITION BY k ORDER BY v) AS STRING) FROM pk;
SELECT 1;
