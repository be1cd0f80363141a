-- A view whose table is gone still says its columns.
CREATE TABLE t (ts TIMESTAMP(3), a INT NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector' = 'datagen');
CREATE VIEW v AS SELECT ts, a + 1 AS b, PROCTIME() AS p FROM t;
DROP TABLE t;
DESCRIBE v;
