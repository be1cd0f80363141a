-- Aggregates over a variable without rows.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.id AS a, SUM(B.p) AS s, COUNT(B.p) AS n, MIN(B.p) AS lo, MAX(B.p) AS hi, AVG(B.p) AS v, COUNT(*) AS c
  PATTERN (A B* C)
  DEFINE A AS A.p > 2, B AS B.p > 6, C AS C.p < 8
);
