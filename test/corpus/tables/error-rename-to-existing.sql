-- The new name is taken.
CREATE TABLE t (a INT) WITH ('connector' = 'datagen');
CREATE TABLE u (a INT) WITH ('connector' = 'datagen');
ALTER TABLE t RENAME TO u;
