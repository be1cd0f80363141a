-- MATCH_ROWTIME of a time with a zone is an event time for windows.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  at_utc AS TO_TIMESTAMP_LTZ(UNIX_TIMESTAMP(CAST(ts AS STRING)) * 1000, 3),
  WATERMARK FOR at_utc AS at_utc - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW pairs AS SELECT k, rt FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY at_utc MEASURES MATCH_ROWTIME(at_utc) AS rt PATTERN (A B) DEFINE A AS A.p > 2
);
SELECT window_start, k, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE pairs, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, k;
