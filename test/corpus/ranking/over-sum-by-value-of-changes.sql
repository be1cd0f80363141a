-- Sums in the order of values over a changelog: what is deleted leaves the sums of those behind it.
-- compare: changes
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT id, k, v, SUM(v) OVER (PARTITION BY k ORDER BY v) AS s FROM p;
