-- STR_TO_MAP with regular expressions as delimiters.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  STR_TO_MAP('k1=v1')['k1'] AS c0,
  STR_TO_MAP('k1=v1,k2=v2')['k2'] AS c1,
  STR_TO_MAP('k1:v1;k2:v2', ';', ':')['k2'] AS c2,
  STR_TO_MAP('k1=v1|k2=v2', '\|', '=')['k2'] AS c3,
  STR_TO_MAP('k1=v1.k2=v2', '.', '=')['k2'] AS c4,
  STR_TO_MAP('k1')['k1'] AS c5,
  STR_TO_MAP('k1=')['k1'] AS c6,
  STR_TO_MAP('=v')[''] AS c7,
  STR_TO_MAP('a=1=2')['a'] AS c8,
  STR_TO_MAP('') AS c9,
  STR_TO_MAP('a=1,a=2') AS c10,
  CARDINALITY(STR_TO_MAP('a=1,b=2,c=3')) AS c11,
  CARDINALITY(STR_TO_MAP('')) AS c12
FROM t;
