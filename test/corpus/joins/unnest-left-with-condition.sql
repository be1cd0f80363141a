-- LEFT JOIN UNNEST with a condition over the elements: rows of which none counts are padded.
CREATE TABLE t (id INT, i INT, arr ARRAY<INT>, m MAP<STRING, INT>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/every_type.jsonl', 'format' = 'json');
SELECT id, i, x, o FROM t LEFT JOIN UNNEST(arr) WITH ORDINALITY AS u (x, o) ON x > 2;
