-- ROW_NUMBER in the order of values over a changelog with a key.
-- compare: changes
CREATE TABLE pk (id INT, k STRING, v INT, ts TIMESTAMP(3), PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT id, k, v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v) AS s FROM pk;
