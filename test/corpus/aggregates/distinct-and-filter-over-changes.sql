-- SUM, COUNT and AVG DISTINCT with FILTER over a changelog.
-- compare: changes
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT k, COUNT(*), SUM(DISTINCT v) FILTER (WHERE id > 10), COUNT(DISTINCT v) FILTER (WHERE id < 40), AVG(DISTINCT v) FROM p GROUP BY k;
