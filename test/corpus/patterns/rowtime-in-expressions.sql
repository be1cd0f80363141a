-- MATCH_ROWTIME with and without its argument, and computed with.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES MATCH_ROWTIME() AS r, MATCH_ROWTIME(ts) AS r1, MATCH_ROWTIME(A.ts) AS r2, MATCH_ROWTIME() + INTERVAL '1' SECOND AS r3, CAST(MATCH_ROWTIME() AS DATE) AS d
  PATTERN (A+ B)
  DEFINE A AS A.p < 3
);
