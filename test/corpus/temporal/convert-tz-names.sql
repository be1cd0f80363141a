-- CONVERT_TZ with names, offsets and abbreviations.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SELECT id,
  CONVERT_TZ('2024-02-29 10:11:12', 'Asia/Shanghai', 'America/Los_Angeles') AS c0,
  CONVERT_TZ('2024-11-03 01:30:00', 'America/New_York', 'UTC') AS c1,
  CONVERT_TZ('2024-03-10 02:30:00', 'America/New_York', 'UTC') AS c2,
  CONVERT_TZ('2024-01-01 00:00:00', 'UTC', 'GMT+08:00') AS c3,
  CONVERT_TZ('2024-01-01 00:00:00', 'GMT-5', 'EST') AS c4,
  CONVERT_TZ('2024-01-01 00:00:00', 'CST', 'JST') AS c5,
  CONVERT_TZ('1900-01-01 00:00:00', 'UTC', 'Europe/Amsterdam') AS c6,
  CONVERT_TZ(CAST(ts AS STRING), 'UTC', 'Asia/Kolkata') AS c7
FROM t;
