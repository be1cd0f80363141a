-- ARRAY_AGG in the order of arrays and of rows, in which the rows come anyway.
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT k, ARRAY_AGG(v ORDER BY ARRAY[id, v]) AS vs, JSON_ARRAYAGG(v ORDER BY ROW(1, id)) AS json FROM e WHERE id <= 12 GROUP BY k;
