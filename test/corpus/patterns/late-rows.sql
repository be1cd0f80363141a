-- Rows at or behind the watermark are left out.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES LISTAGG(CAST(A.id AS STRING)) AS a, LISTAGG(CAST(B.id AS STRING)) AS b
  PATTERN (A B)
  DEFINE A AS TRUE
);
