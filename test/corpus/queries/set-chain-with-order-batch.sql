-- A chain of set operations with ORDER BY and LIMIT.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE a (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_left.jsonl', 'format' = 'json');
CREATE TABLE b (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_right.jsonl', 'format' = 'json');
(SELECT k FROM a UNION SELECT k FROM b) EXCEPT SELECT 2 ORDER BY k DESC LIMIT 3;
