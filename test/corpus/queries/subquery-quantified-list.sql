-- ANY and ALL over a list of values.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
SELECT id FROM buyers WHERE score > ALL (1, 2, 3) AND id = ANY (1, 2, 7);
