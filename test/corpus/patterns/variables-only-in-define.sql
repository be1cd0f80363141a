-- A variable that only DEFINE has matches no row; names of variables differ by case.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES a.id AS a, A.id AS big_a, C.id AS c, SUM(C.p) AS s, B.id AS b
  PATTERN (a B)
  DEFINE A AS A.p > 4, B AS B.p > 4, C AS C.p > 0
);
