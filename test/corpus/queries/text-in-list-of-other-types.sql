-- A text is in a list of numbers, times or truth values when it is the text of one of them.
CREATE TABLE buyers (id INT, name STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
SELECT name, CAST(id AS STRING) IN (1, 2) AS a, name IN (1, 2) AS b, name NOT IN (1.5, 2) AS c, name IN (id, 1) AS d, CONCAT(CAST(id AS STRING), '.0') IN (1.0, 2e0) AS e,
  '01' IN (1) AS f, '2024-01-01' IN (DATE '2024-01-01', DATE '2024-02-01') AS g, '2024-01-01 00:00:00' IN (TIMESTAMP '2024-01-01 00:00:00') AS h,
  UPPER(CAST(score > 7 AS STRING)) IN (TRUE) AS i, name IN (1, CAST(NULL AS INT)) AS j
FROM buyers;
