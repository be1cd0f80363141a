-- Filters and computed columns below the pattern.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM (SELECT id, k, p * 2 AS p, ts FROM moves WHERE p > 1) MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES LISTAGG(CAST(A.id AS STRING)) AS a, LISTAGG(CAST(B.id AS STRING)) AS b
  PATTERN (A B+ C)
  DEFINE B AS B.p > 6, C AS C.p < 9
);
