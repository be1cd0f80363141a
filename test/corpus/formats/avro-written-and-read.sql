-- Rows of every type in avro files, read again. (Flink needs a jar for it, which the recording one has not.)
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE everything (id INT, big BIGINT, tiny TINYINT, small SMALLINT, name STRING, code CHAR(3), ok BOOLEAN, f FLOAT, d DOUBLE, de DECIMAL(20, 4), da DATE, ti TIME(0), ts TIMESTAMP(3),
  b BYTES, tags ARRAY<STRING>, r ROW<x INT, y ROW<z STRING, w ARRAY<INT>>>, m MAP<STRING, ROW<q INT>>)
  WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/avro-written-and-read', 'format' = 'avro');
INSERT OVERWRITE everything VALUES
  (1, 9007199254740993, CAST(-3 AS TINYINT), CAST(300 AS SMALLINT), 'häé', 'abc', TRUE, CAST(1.5 AS FLOAT), -2.25E0, 12345.6789, DATE '2024-02-29', TIME '01:02:03', TIMESTAMP '2024-01-02 03:04:05.678',
    x'00ff', ARRAY['a', CAST(NULL AS STRING), ''], ROW(7, ROW('q', ARRAY[1, 2])), MAP['k', ROW(1)]),
  (2, CAST(NULL AS BIGINT), CAST(NULL AS TINYINT), CAST(NULL AS SMALLINT), CAST(NULL AS STRING), CAST(NULL AS CHAR(3)), CAST(NULL AS BOOLEAN), CAST(NULL AS FLOAT), CAST(NULL AS DOUBLE), CAST(-0.0001 AS DECIMAL(20, 4)),
    DATE '1969-12-31', CAST(NULL AS TIME(0)), TIMESTAMP '1969-12-31 23:59:59.999', CAST(NULL AS BYTES), CAST(NULL AS ARRAY<STRING>), CAST(NULL AS ROW<x INT, y ROW<z STRING, w ARRAY<INT>>>), CAST(NULL AS MAP<STRING, ROW<q INT>>));
SELECT * FROM everything;
