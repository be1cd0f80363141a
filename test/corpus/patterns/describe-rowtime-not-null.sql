-- MATCH_ROWTIME of a column that is never NULL.
CREATE TABLE moves (
  k STRING NOT NULL,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW found AS SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts MEASURES MATCH_ROWTIME(ts) AS r1, MATCH_ROWTIME() AS r2 PATTERN (A B) DEFINE A AS A.k > 'a'
);
DESCRIBE found;
