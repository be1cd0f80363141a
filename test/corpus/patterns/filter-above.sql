-- A filter and a projection above the matches.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT m.b, n * 2 AS twice FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES B.id AS b, COUNT(*) AS n
  PATTERN (A+ B)
  DEFINE A AS A.p < 6
) AS m WHERE n > 2 AND m.k = 'a';
