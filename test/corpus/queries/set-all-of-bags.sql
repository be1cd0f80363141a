-- ALL counts NULL rows as equal.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE a (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_left.jsonl', 'format' = 'json');
CREATE TABLE b (k INT, v STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bag_right.jsonl', 'format' = 'json');
SELECT 'i' AS op, k, v FROM (SELECT * FROM a INTERSECT ALL SELECT * FROM b) UNION ALL SELECT 'ab', k, v FROM (SELECT * FROM a EXCEPT ALL SELECT * FROM b) UNION ALL SELECT 'ba', k, v FROM (SELECT * FROM b EXCEPT ALL SELECT * FROM a);
