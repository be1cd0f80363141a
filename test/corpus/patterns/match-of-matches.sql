-- A pattern over the matches of another, by MATCH_ROWTIME.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM (SELECT k, a, b, rt FROM moves MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES A.id AS a, B.id AS b, MATCH_ROWTIME() AS rt PATTERN (A B) DEFINE A AS A.p > 3)) MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY rt
  MEASURES X.a AS x, Y.b AS y, MATCH_ROWTIME() AS rt
  PATTERN (X Y)
  DEFINE Y AS Y.a > X.a
);
