-- The rank is a column like any other above the first rows.
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
CREATE VIEW r AS SELECT id, k, v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, id) AS rn FROM e;
SELECT id, CASE WHEN rn = 1 THEN 'first' WHEN rn = 2 THEN 'second' ELSE 'rank ' || CAST(rn AS STRING) END AS place, rn * 10 AS tens, rn / 2.0 AS half, IF(rn = 1, v, -v) AS v
FROM r WHERE rn <= 3;
