-- DATE_FORMAT with every letter.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  DATE_FORMAT(ts, 'yyyy-MM-dd''T''HH:mm:ss.SSSSSS') AS c0,
  DATE_FORMAT(ts, 'y u yy uu yyyyy') AS c1,
  DATE_FORMAT(ts, 'Y YY YYYY w ww W') AS c2,
  DATE_FORMAT(ts, 'M MM L LL LLL LLLL MMMMM') AS c3,
  DATE_FORMAT(ts, 'd dd D DDD') AS c4,
  DATE_FORMAT(ts, 'E EE EEE EEEE EEEEE e ee c') AS c5,
  DATE_FORMAT(ts, 'H HH k kk K KK h hh a') AS c6,
  DATE_FORMAT(ts, 'm mm s ss n N') AS c7,
  DATE_FORMAT(ts, 'F G GG GGGG') AS c8,
  DATE_FORMAT(ts, 'Q QQ q qq QQQ') AS c9,
  DATE_FORMAT(ts, '[yyyy]') AS c10,
  DATE_FORMAT(ts, 'yyyy''''MM') AS c11,
  DATE_FORMAT(ts, 'yyyy年MM月') AS c12,
  DATE_FORMAT(ts9, 'ss.SSSSSSSSS') AS c13,
  DATE_FORMAT(ts9, 'ss.n') AS c14
FROM t;
