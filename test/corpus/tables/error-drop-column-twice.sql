-- A column is dropped once.
CREATE TABLE t (a INT, b INT, c INT) WITH ('connector' = 'datagen');
ALTER TABLE t DROP (b, b);
