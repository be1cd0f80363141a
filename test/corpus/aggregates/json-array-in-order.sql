-- JSON_ARRAYAGG with an order of its own, over rows that are taken back: Flink reads ORDER BY and forgets it.
-- compare: fold
CREATE TABLE p (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/event_changes.debezium', 'format' = 'debezium-json');
SELECT k, JSON_ARRAYAGG(id ORDER BY v DESC NULLS FIRST, id) AS ids, JSON_ARRAYAGG(v ORDER BY v NULL ON NULL) AS vs, JSON_ARRAYAGG(v ABSENT ON NULL) WITHIN GROUP (ORDER BY id DESC) AS last_first
FROM p WHERE id < 30 GROUP BY k;
