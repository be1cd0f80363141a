-- POWER, SQRT, EXP, LN and logarithms.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  SQRT(i) AS c0,
  SQRT(d) AS c1,
  SQRT(dc) AS c2,
  LN(i) AS c3,
  LN(d) AS c4,
  LOG2(i) AS c5,
  LOG2(dc) AS c6,
  LOG10(i) AS c7,
  LOG10(d) AS c8,
  LN(0) AS c9,
  LN(-1) AS c10
FROM t;
