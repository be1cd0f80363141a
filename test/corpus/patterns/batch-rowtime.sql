-- MATCH_ROWTIME in batch mode.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts, id
  MEASURES MATCH_ROWTIME() AS rt, B.id AS b
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B)
  DEFINE A AS A.p > 4
);
