-- In batch mode any time will do to order by.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM (SELECT id, k, p, CAST(ts AS TIMESTAMP(6)) AS t6 FROM moves) MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY t6, id
  MEASURES LISTAGG(CAST(A.id AS STRING)) AS a, LISTAGG(CAST(B.id AS STRING)) AS b
  PATTERN (A+ B)
  DEFINE A AS A.p < 4
);
