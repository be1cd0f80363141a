-- LEFT JOIN UNNEST with a condition over the elements: rows of which none counts are padded.
CREATE TABLE e (id INT, k STRING, sub INT, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, x, o FROM (SELECT id, CASE WHEN id <> 7 THEN ARRAY[v, sub, id] END AS vs FROM e) LEFT JOIN UNNEST(vs) WITH ORDINALITY AS t (x, o) ON x > 20 OR o = 3 AND x < 4;
