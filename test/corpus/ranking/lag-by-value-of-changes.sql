-- LAG in the order of plain values over a changelog; rows of equal value share the answer of the last of them. Flink cannot compare what it kept of them.
-- compare: fold
CREATE TABLE p (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/event_changes.debezium', 'format' = 'debezium-json');
SELECT v, COUNT(*) AS n, MIN(a) AS a, MAX(a) AS other FROM (SELECT v, LAG(v, 3, -1) OVER (ORDER BY v) AS a FROM p WHERE v IS NOT NULL) GROUP BY v;
