-- TRANSLATE, OVERLAY, REPLACE, REPEAT.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  REPEAT(s2, 2) AS c0,
  REPEAT(s2, 0) AS c1,
  REPEAT(s2, -1) AS c2,
  REPEAT(s2, ti) AS c3,
  REPLACE(s2, 'l', 'LL') AS c4,
  REPLACE(s2, '', 'x') AS c5,
  REPLACE(s2, s, '') AS c6,
  TRANSLATE(s2, 'lo', '01') AS c7,
  TRANSLATE(s2, 'lo', '0') AS c8,
  TRANSLATE(s2, '', 'x') AS c9,
  TRANSLATE3(s2, 'lo', '01') AS c10,
  OVERLAY(s2 PLACING '##' FROM 2) AS c11,
  OVERLAY(s2 PLACING '##' FROM 100) AS c12,
  OVERLAY(s2 PLACING '##' FROM -1) AS c13,
  OVERLAY(s2 PLACING '##' FROM 2 FOR 0) AS c14,
  OVERLAY(s2 PLACING '' FROM 2 FOR -1) AS c15
FROM t;
