-- A physical column of the base is not given again.
CREATE TABLE base (a INT) WITH ('connector' = 'datagen');
CREATE TABLE t (a BIGINT) LIKE base;
