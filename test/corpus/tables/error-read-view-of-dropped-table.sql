-- A view whose table is gone cannot be read.
CREATE TABLE t (a INT NOT NULL) WITH ('connector' = 'datagen');
CREATE VIEW v AS SELECT a FROM t;
DROP TABLE t;
SELECT * FROM v;
