-- MATCH_ROWTIME with a column has its type, and may be NULL where the column may; without one it is a TIMESTAMP(3) NOT NULL.
CREATE TABLE moves (
  k STRING,
  p INT,
  ts TIMESTAMP_LTZ(2),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW found AS SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k, p ORDER BY ts
  MEASURES MATCH_ROWTIME() AS r1, MATCH_ROWTIME(ts) AS r2, MATCH_ROWTIME(A.ts) AS r3, CAST(MATCH_ROWTIME(ts) AS STRING) AS r4, MATCH_PROCTIME() AS r5
  PATTERN (A B) DEFINE A AS A.p > 4
);
DESCRIBE found;
