-- A time that is measured is no event time any more; MATCH_ROWTIME is.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW v AS SELECT * FROM moves MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES A.ts AS at_a PATTERN (A B) DEFINE A AS A.p > 4);
SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(at_a), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
