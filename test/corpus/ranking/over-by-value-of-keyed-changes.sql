-- A filter over sums by value of a table with a key.
-- compare: changes
CREATE TABLE pk (id INT, k STRING, v INT, ts TIMESTAMP(3), PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT x.id, x.s FROM (SELECT id, k, SUM(v) OVER (PARTITION BY k ORDER BY v) AS s FROM pk) x WHERE x.s > 30;
