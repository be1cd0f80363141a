-- The greatest of sums that move.
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT k, SUM(v) AS s FROM e GROUP BY k ORDER BY s DESC LIMIT 1;
