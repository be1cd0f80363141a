-- REGEXP_EXTRACT_ALL, COUNT, INSTR, SUBSTR at their edges.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  REGEXP_EXTRACT_ALL(s2, 'o', 0) AS c0,
  REGEXP_EXTRACT_ALL(s2, '(o)(.)?', 2) AS c1,
  REGEXP_EXTRACT_ALL(s2, '(o)', 3) AS c2,
  REGEXP_EXTRACT_ALL(s2, '(o)', -1) AS c3,
  REGEXP_EXTRACT_ALL(s2, 'zz', 0) AS c4,
  REGEXP_EXTRACT_ALL(s2, '[', 0) AS c5,
  REGEXP_COUNT(s2, 'l+') AS c6,
  REGEXP_COUNT(s2, '(?i)h') AS c7,
  REGEXP_COUNT(s2, 'zz') AS c8,
  REGEXP_INSTR(s2, 'o') AS c9,
  REGEXP_INSTR(s2, '') AS c10,
  REGEXP_INSTR(s2, '[üö]') AS c11,
  REGEXP_SUBSTR(s2, '\w+') AS c12,
  REGEXP_SUBSTR(s2, '') AS c13,
  REGEXP_SUBSTR(s2, '[') AS c14
FROM t;
