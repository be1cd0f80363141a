-- Windows end, and a pattern goes over them, in batch mode too.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM (
  SELECT k, window_time AS t, SUM(p) AS total
  FROM TUMBLE(TABLE moves, DESCRIPTOR(ts), INTERVAL '2' SECOND) GROUP BY k, window_start, window_end, window_time
) MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY t
  MEASURES FIRST(A.t) AS first_end, COUNT(A.total) AS n, B.total AS b
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A+? B) WITHIN INTERVAL '30' SECOND
  DEFINE B AS B.total < LAST(A.total)
);
