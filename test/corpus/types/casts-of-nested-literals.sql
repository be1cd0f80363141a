-- CAST of arrays, maps and rows, also to text.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  CAST(ARRAY[1, 2] AS ARRAY<STRING>) AS c0,
  TRY_CAST(ARRAY['1', 'x'] AS ARRAY<INT>) AS c1,
  TRY_CAST(ROW('x', 1) AS ROW<a INT, b INT>) AS c2,
  CAST(MAP['1', 2] AS MAP<INT, STRING>) AS c3,
  CAST(ARRAY[1] AS STRING) AS c4,
  CAST(ARRAY[1.5, NULL] AS STRING) AS c5,
  CAST(ARRAY['a', NULL] AS STRING) AS c6,
  CAST(MAP['a', 1] AS STRING) AS c7,
  CAST(MAP['a', ARRAY[1, 2]] AS STRING) AS c8,
  CAST(ROW(DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00', x'01', TRUE, 1e0) AS STRING) AS c9,
  CAST(ARRAY[1, 2] AS VARCHAR(4)) AS c10,
  CAST(ARRAY[1, 2] AS CHAR(8)) AS c11,
  CAST(ROW(1, 2) AS ROW<a BIGINT, b DOUBLE>) AS c12
FROM t;
