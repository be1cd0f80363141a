-- A count of groups compared with a correlated count.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE a (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_left.jsonl', 'format' = 'json');
CREATE TABLE b (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_right.jsonl', 'format' = 'json');
SELECT * FROM (SELECT k, COUNT(*) AS n FROM a GROUP BY k) t WHERE n = (SELECT COUNT(*) FROM b WHERE b.k = t.k);
