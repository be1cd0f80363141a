-- A temporary table is made anew instead.
CREATE TEMPORARY TABLE t (a INT) WITH ('connector' = 'datagen');
ALTER TABLE t ADD b INT;
