-- Limits have milliseconds.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES LISTAGG(CAST(A.id AS STRING)) AS a, LISTAGG(CAST(B.id AS STRING)) AS b
  PATTERN (A B) WITHIN INTERVAL '1.001' SECOND
  DEFINE A AS TRUE
);
