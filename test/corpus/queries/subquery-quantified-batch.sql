-- Quantified comparisons over no rows, and with NULLs.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE a (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_left.jsonl', 'format' = 'json');
CREATE TABLE b (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_right.jsonl', 'format' = 'json');
SELECT 'all-empty' AS q, id FROM buyers WHERE score > ALL (SELECT k FROM a WHERE k > 100) UNION ALL SELECT 'any-empty', id FROM buyers WHERE score > ANY (SELECT k FROM a WHERE k > 100) UNION ALL SELECT 'all-null', id FROM buyers WHERE score > ALL (SELECT k FROM a) UNION ALL SELECT 'any-null', id FROM buyers WHERE score > ANY (SELECT k FROM a);
