-- The same in batch mode, with types that differ.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE a (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_left.jsonl', 'format' = 'json');
CREATE TABLE b (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_right.jsonl', 'format' = 'json');
SELECT k FROM (SELECT k FROM a EXCEPT ALL SELECT CAST(k AS BIGINT) FROM b) UNION ALL (SELECT CAST(k AS BIGINT) + 100 FROM b INTERSECT SELECT 104);
