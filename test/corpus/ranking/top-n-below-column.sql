-- Row numbers less than a column: Flink takes < for <=.
CREATE TABLE p (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/event_changes.debezium', 'format' = 'debezium-json');
CREATE VIEW sized AS SELECT CASE k WHEN 'a' THEN 2 WHEN 'b' THEN 3 ELSE CAST(1 AS BIGINT) END AS n, id, k, v FROM p;
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, id) AS rn FROM sized) WHERE rn < n;
