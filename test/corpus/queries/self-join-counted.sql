-- A self join of a changelog, counted.
-- compare: fold
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT x.k, COUNT(*) FROM p x JOIN p y ON x.k = y.k WHERE x.id < y.id GROUP BY x.k;
