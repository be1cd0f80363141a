-- Correlated COUNT and MAX in batch mode, with NULL keys.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE a (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_left.jsonl', 'format' = 'json');
CREATE TABLE b (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_right.jsonl', 'format' = 'json');
SELECT k, v, (SELECT COUNT(*) FROM b WHERE b.k = a.k) AS n, (SELECT MAX(b.v) FROM b WHERE b.k = a.k) AS m FROM a;
