-- The first row of each partition of a changelog: another one is put in the place of the one that is taken out.
CREATE TABLE p (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/event_changes.debezium', 'format' = 'debezium-json');
SELECT id, k, v, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, id) AS rn FROM p) WHERE rn = 1;
