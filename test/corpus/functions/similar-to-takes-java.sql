-- SIMILAR TO hands most of its pattern to Java: the point is any character.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  CAST(s AS STRING) SIMILAR TO 'a.c' AS c0,
  'abc' SIMILAR TO 'a.c' AS c1,
  'a.c' SIMILAR TO 'a.c' AS c2,
  'a^c' SIMILAR TO 'a^c' AS c3,
  'abc' SIMILAR TO '^abc' AS c4,
  'a$' SIMILAR TO 'a$' AS c5,
  'a\b' SIMILAR TO 'a\b' AS c6,
  '1.5' SIMILAR TO '[0-9].[0-9]' AS c7,
  'a-b' SIMILAR TO 'a-b' AS c8
FROM t;
