-- A column of PARTITION BY stands there once.
CREATE TABLE moves (
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (PARTITION BY k, k ORDER BY ts MEASURES A.p AS a, B.p AS b PATTERN (A B) DEFINE A AS A.p > 4);
