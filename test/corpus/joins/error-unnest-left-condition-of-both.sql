-- LEFT JOIN UNNEST with a condition over the row and its elements.
CREATE TABLE e (id INT, k STRING, sub INT, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, x FROM (SELECT id, ARRAY[v, sub, id] AS vs FROM e) AS r LEFT JOIN UNNEST(vs) AS t (x) ON x > r.id;
