-- A count of no rows, alone and per row.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE a (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_left.jsonl', 'format' = 'json');
CREATE TABLE b (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_right.jsonl', 'format' = 'json');
SELECT id, (SELECT COUNT(*) FROM a WHERE k > 100) AS n, (SELECT MAX(k) FROM a WHERE k > 100) AS m, (SELECT COUNT(*) FROM a WHERE a.k = buyers.id) AS o FROM buyers;
