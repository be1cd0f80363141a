-- Aggregates that keep all values, and those of first and last.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES LISTAGG(CAST(A.p AS STRING), '-') AS l, ARRAY_AGG(A.id) AS ids, FIRST_VALUE(A.p) AS f, LAST_VALUE(A.p) AS z, STDDEV_POP(A.p) AS d
  PATTERN (A+ B)
  DEFINE A AS A.p < 6, B AS B.p > 3
);
