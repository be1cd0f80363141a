-- Rows of one time stand in the order of arrival.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  ORDER BY ts
  MEASURES LISTAGG(CAST(A.id AS STRING)) AS a, LISTAGG(CAST(B.id AS STRING)) AS b
  PATTERN (A B)
  DEFINE B AS B.ts = A.ts
);
