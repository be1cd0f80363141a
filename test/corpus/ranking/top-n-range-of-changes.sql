-- Ranks 2 to 4 over a changelog.
-- compare: changes
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT id, k, v, rn FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY v) rn FROM p) WHERE rn BETWEEN 2 AND 4;
