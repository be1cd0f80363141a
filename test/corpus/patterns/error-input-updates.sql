-- The input may not update rows.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM (SELECT k, MAX(p) AS p, MAX(ts) AS ts FROM moves GROUP BY k) MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES A.p AS a PATTERN (A B) DEFINE A AS A.p > 4);
