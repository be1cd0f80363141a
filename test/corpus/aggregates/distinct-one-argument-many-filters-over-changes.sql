-- One argument with many filters over a changelog: each filter counts what it saw of a value.
-- compare: changes
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT k, COUNT(DISTINCT v), COUNT(DISTINCT v) FILTER (WHERE id > 10), COUNT(DISTINCT v) FILTER (WHERE id < 40), SUM(DISTINCT v), SUM(DISTINCT v) FILTER (WHERE id > 20), MIN(DISTINCT v), MAX(DISTINCT v) FILTER (WHERE id > 10), AVG(DISTINCT v) FILTER (WHERE id < 30) FROM p GROUP BY k;
