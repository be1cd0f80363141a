-- A changelog joined with an aggregate of itself.
-- compare: fold
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT p.id, p.v, s.total FROM p JOIN (SELECT k, SUM(v) AS total FROM p GROUP BY k) s ON p.k = s.k WHERE p.id < 15;
