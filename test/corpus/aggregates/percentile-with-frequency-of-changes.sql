-- PERCENTILE with frequencies and several percentages over a changelog.
-- compare: changes
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT k, PERCENTILE(v, 0.5, sub), PERCENTILE(v, ARRAY[0.1, 0.9, 0.5], v) FROM p JOIN (VALUES (1)) AS t(sub) ON TRUE GROUP BY k;
