-- MATCH_ROWTIME in DEFINE is the time of the row that is tested.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.id AS a, B.id AS b
  PATTERN (A B)
  DEFINE A AS MATCH_ROWTIME() = A.ts AND A.p > 3, B AS MATCH_ROWTIME() > A.ts
);
