-- IS_ALPHA, IS_DIGIT, IS_DECIMAL of texts and numbers, NULLs among them.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  IS_DIGIT(s) AS c0,
  IS_ALPHA(s) AS c1,
  IS_DECIMAL(s) AS c2,
  IS_ALPHA(s2) AS c3,
  IS_DIGIT('12') AS c4,
  IS_DECIMAL('1.5') AS c5,
  IS_DECIMAL('-1.5e3') AS c6,
  IS_DECIMAL(' 1') AS c7,
  IS_DECIMAL('') AS c8,
  IS_DIGIT('') AS c9,
  IS_ALPHA('ab1') AS c10,
  IS_ALPHA(i) AS c11,
  IS_DIGIT(i) AS c12,
  IS_DECIMAL(i) AS c13,
  IS_DECIMAL(d) AS c14,
  IS_DIGIT(d) AS c15
FROM t;
