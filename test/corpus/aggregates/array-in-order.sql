-- ARRAY_AGG with an order of its own, over rows that are taken back: Flink reads ORDER BY and forgets it.
-- compare: fold
CREATE TABLE p (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/event_changes.debezium', 'format' = 'debezium-json');
SELECT k, ARRAY_AGG(id ORDER BY v DESC NULLS FIRST, id) AS ids, ARRAY_AGG(DISTINCT v ORDER BY v) AS vs, COUNT(*) AS n FROM p WHERE id < 30 GROUP BY k;
