-- A table has one bucket at least.
CREATE TABLE t (a INT) DISTRIBUTED INTO 0 BUCKETS WITH ('connector' = 'datagen');
