-- An event time with a time zone; MATCH_ROWTIME has its type when it is named.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  at_utc AS TO_TIMESTAMP_LTZ(UNIX_TIMESTAMP(CAST(ts AS STRING)) * 1000, 3),
  WATERMARK FOR at_utc AS at_utc - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY at_utc
  MEASURES A.id AS a, B.id AS b, MATCH_ROWTIME(at_utc) AS rt, B.at_utc AS at_b
  PATTERN (A B)
  DEFINE A AS A.p > 4
);
