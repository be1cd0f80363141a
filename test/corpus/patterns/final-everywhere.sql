-- FINAL before a column, an aggregate, and inside of an expression.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES FINAL A.p AS p, FINAL SUM(A.p) AS s, 1 + FINAL LAST(A.p) AS l, FINAL COUNT(*) AS c
  PATTERN (A{2} B)
  DEFINE A AS A.p < 6
);
