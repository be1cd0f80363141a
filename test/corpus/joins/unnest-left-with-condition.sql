-- LEFT JOIN UNNEST with a condition over the elements: rows of which none counts are padded.
CREATE TABLE t (id INT, arr ARRAY<INT>, m MAP<STRING, INT>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/every_type.jsonl', 'format' = 'json');
SELECT t.id, u.x FROM t LEFT JOIN UNNEST(t.arr) AS u (x) ON u.x > 2;
