-- FIRST and LAST of an expression evaluate it over one row.
CREATE TABLE moves (
  id INT,
  k STRING,
  p INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES LAST(A.p + A.id) AS l, LAST(A.p * 2, 1) AS l1, FIRST(UPPER(A.k) || CAST(A.id AS STRING), 2) AS f2, FIRST(id) AS f, LAST(id, 1) AS l2
  PATTERN (A+ B)
  DEFINE A AS A.p < 6, B AS B.p > 3
);
