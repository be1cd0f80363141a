-- ROLLUP over a changelog.
-- compare: changes
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT k, id, SUM(v) FROM p GROUP BY ROLLUP (k, id);
