-- IN as a value, correlated by another column.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE a (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_left.jsonl', 'format' = 'json');
CREATE TABLE b (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_right.jsonl', 'format' = 'json');
SELECT id, id IN (SELECT k FROM b WHERE b.v > buyers.name) AS x FROM buyers WHERE id IS NOT NULL;
