-- Functions count characters, not bytes or UTF-16 units.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  SPLIT('a,b,,c,', ',') AS c0,
  SPLIT('abc', ',') AS c1,
  SPLIT('', ',') AS c2,
  SPLIT('a||b', '||') AS c3,
  SPLIT('a.b', '.') AS c4,
  SPLIT('😀a😀', 'a') AS c5,
  INITCAP('hello wORLD foo-bar it''s 9lives') AS c6,
  INITCAP('éa ÉB') AS c7,
  REVERSE('a😀b') AS c8,
  CHAR_LENGTH('a😀b') AS c9,
  POSITION('b' IN 'a😀b') AS c10,
  INSTR('a😀b', 'b') AS c11,
  LOCATE('b', 'a😀b') AS c12,
  INSTR('Corporate Floor', 'or', 3, 2) AS c13,
  INSTR('Corporate Floor', 'or', -3, 2) AS c14,
  INSTR('Corporate Floor', 'or', 0) AS c15,
  LOCATE('or', 'Corporate Floor', 4) AS c16,
  LOCATE('', 'abc', 10) AS c17,
  POSITION('' IN '') AS c18
FROM t;
