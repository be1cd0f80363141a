-- Aggregates in DEFINE count the row that is tested.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES LISTAGG(CAST(A.id AS STRING)) AS a, LISTAGG(CAST(B.id AS STRING)) AS b, LISTAGG(CAST(C.id AS STRING)) AS c
  PATTERN (A+ B+ C)
  DEFINE A AS SUM(A.p) < 9 AND COUNT(*) < 4, B AS B.p <= AVG(A.p) AND COUNT(B.p) < 3, C AS MAX(p) = C.p
);
