-- A list of texts and numbers.
CREATE TABLE buyers (id INT, name STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
SELECT name FROM buyers WHERE name IN ('bo', 1);
