-- In batch mode the rows of an aggregate come when its input is over.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM (SELECT p, MAX(ts) AS latest, MAX(id) AS id FROM moves GROUP BY p) MATCH_RECOGNIZE (
  ORDER BY latest, id
  MEASURES LISTAGG(CAST(A.p AS STRING)) AS a, B.p AS b, MATCH_ROWTIME() AS t
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A+ B)
  DEFINE A AS A.p > 2
);
