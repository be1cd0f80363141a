-- LATERAL VALUES of columns of the row. Flink has no plan for it.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
SELECT x.id, t.v FROM buyers AS x, LATERAL (VALUES (x.score), (x.id)) AS t(v);
