-- LISTAGG over counts that change.
-- compare: changes
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT n, LISTAGG(k) FROM (SELECT k, COUNT(*) n FROM p GROUP BY k) GROUP BY n;
