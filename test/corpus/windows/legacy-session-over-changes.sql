-- The old SESSION over a changelog.
-- compare: changes
CREATE TABLE c (id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT SESSION_START(ts, INTERVAL '1' MINUTE), k, COUNT(*), SUM(v) FROM c GROUP BY SESSION(ts, INTERVAL '1' MINUTE), k;
