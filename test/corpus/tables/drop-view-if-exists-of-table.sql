-- DROP VIEW IF EXISTS leaves a table.
CREATE TABLE t (a INT) WITH ('connector' = 'datagen');
DROP VIEW IF EXISTS t;
SHOW TABLES;
