-- A GROUP BY over lists that change.
-- compare: changes
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT s, COUNT(*) FROM (SELECT k, LISTAGG(CAST(id AS STRING)) AS s FROM p GROUP BY k) GROUP BY s;
