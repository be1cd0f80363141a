-- A temporary view hides no table from DROP TABLE.
CREATE TABLE t (a INT) WITH ('connector' = 'datagen');
CREATE TEMPORARY VIEW t AS SELECT 1 AS x;
DROP TABLE t;
DROP TEMPORARY VIEW t;
SHOW TABLES;
