-- Types of measures: a NOT NULL column of rows that every match has stays so, aggregates do not, counts do.
CREATE TABLE moves (
  k STRING NOT NULL,
  p INT NOT NULL,
  d DECIMAL(8, 2) NOT NULL,
  f DOUBLE,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/patterns_moves.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW found AS SELECT * FROM moves MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES
    A.p AS m1, FIRST(A.d) AS m4, LAST(C.p) AS m6,
    SUM(B.p) AS s1, SUM(A.d) AS s2, SUM(A.f) AS s3, AVG(A.p) AS a1, AVG(A.d) AS a2, MIN(A.p) AS i1, MAX(B.k) AS x1, COUNT(B.p) AS c1, COUNT(*) AS c2,
    A.p + C.p AS e1, A.k || C.k AS e3, CASE WHEN C.p > 1 THEN 'a' ELSE 'bc' END AS e4, 1 AS e5, A.f IS NULL AS e6, CAST(A.p AS BIGINT) AS e7, COALESCE(B.p, 0) AS e8
  PATTERN (A B? C) DEFINE B AS B.p < 15, C AS C.p >= 15
);
DESCRIBE found;
