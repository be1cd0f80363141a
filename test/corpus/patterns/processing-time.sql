-- By processing time rows come as they arrive, late ones too.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  came AS PROCTIME()
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT k, a, b, c FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY came
  MEASURES A.id AS a, LISTAGG(CAST(B.id AS STRING)) AS b, C.id AS c, MATCH_PROCTIME() AS pt
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B+ C) WITHIN INTERVAL '1' DAY
  DEFINE A AS A.p > 3, B AS B.p < A.p
);
