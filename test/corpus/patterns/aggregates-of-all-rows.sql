-- Aggregates of columns without a variable are over all rows of the match.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES COUNT(*) AS c, COUNT(p) AS n, SUM(p) AS s, MAX(p) - MIN(p) AS spread, AVG(CAST(p AS DOUBLE)) AS v
  PATTERN (A B{2})
  DEFINE A AS A.p > 2
);
