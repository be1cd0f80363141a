-- FIRST_VALUE and LAST_VALUE with FILTER over a changelog.
-- compare: changes
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT k, FIRST_VALUE(v) FILTER (WHERE id > 3), LAST_VALUE(v) FILTER (WHERE id < 9) FROM p GROUP BY k;
