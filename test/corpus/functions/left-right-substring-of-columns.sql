-- LEFT, RIGHT, SUBSTRING with positions of every sign.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  LEFT(s2, 3) AS c0,
  LEFT(s2, -1) AS c1,
  RIGHT(s2, 3) AS c2,
  RIGHT(s2, 0) AS c3,
  RIGHT(s2, -1) AS c4,
  SUBSTRING(s2, 2) AS c5,
  SUBSTRING(s2, 2, 3) AS c6,
  SUBSTRING(s2 FROM 3) AS c7,
  SUBSTRING(s2 FROM 3 FOR 2) AS c8,
  SUBSTRING(s2, -3) AS c9,
  SUBSTRING(s2, -3, 2) AS c10,
  SUBSTRING(s2, 0, 2) AS c11,
  SUBSTRING(s2, 100) AS c12,
  SUBSTRING(s2, i) AS c13,
  SUBSTR(s2, 2, 100) AS c14,
  SUBSTR(s2, -100, 3) AS c15,
  SUBSTR(s2, -20, 18) AS c16,
  SUBSTRING(s2, 2, -1) AS c17,
  SUBSTRING(s2, 2, 0) AS c18
FROM t;
