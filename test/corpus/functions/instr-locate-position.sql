-- INSTR, LOCATE and POSITION with occurrences from both ends.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  POSITION('l' IN s2) AS c0,
  POSITION('' IN s2) AS c1,
  POSITION('x' IN s2) AS c2,
  LOCATE('l', s2) AS c3,
  LOCATE('l', s2, 5) AS c4,
  LOCATE('l', s2, -1) AS c5,
  LOCATE('', s2) AS c6,
  LOCATE('', s2, 3) AS c7,
  INSTR(s2, 'l') AS c8,
  INSTR(s2, 'l', 1, 2) AS c9,
  INSTR(s2, 'l', -1) AS c10,
  INSTR(s2, 'l', -1, 2) AS c11,
  INSTR(s2, '') AS c12,
  INSTR(s2, 'l', 5) AS c13
FROM t;
