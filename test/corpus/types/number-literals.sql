-- Literals of numbers and how they print.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  -7 / 2 AS c0,
  -7 % 3 AS c1,
  7.5 % 2 AS c2,
  -2147483648 AS c3,
  2147483647 + 1 AS c4,
  9223372036854775807 + 1 AS c5,
  1e308 * 10 AS c6,
  0.1e0 + 0.2e0 AS c7,
  100000000000000000000e0 AS c8,
  1e-5 AS c9,
  123e3 AS c10,
  1.0e7 AS c11,
  1.0e-3 AS c12,
  4.9e-324 AS c13,
  1.7976931348623157e308 AS c14,
  0.1 + 0.2 AS c15,
  1.10 AS c16,
  -0.0 AS c17
FROM t;
