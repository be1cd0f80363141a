-- There is none to modify.
CREATE TABLE t (a INT, b INT) WITH ('connector' = 'datagen');
ALTER TABLE t MODIFY DISTRIBUTION BY (b);
