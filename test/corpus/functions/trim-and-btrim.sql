-- TRIM, LTRIM, RTRIM and BTRIM with sets of characters.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  TRIM(s) AS c0,
  TRIM(BOTH 'a' FROM s) AS c1,
  TRIM(LEADING 'ab' FROM s) AS c2,
  TRIM(TRAILING 'c' FROM s) AS c3,
  TRIM(BOTH FROM s) AS c4,
  LTRIM(s) AS c5,
  RTRIM(s) AS c6,
  LTRIM(s, 'ab') AS c7,
  RTRIM(s, 'cb') AS c8,
  BTRIM(s) AS c9,
  BTRIM(s, 'ac') AS c10,
  BTRIM(s2, '%]') AS c11
FROM t;
