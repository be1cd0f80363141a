-- The key of inherited columns wants them NOT NULL.
CREATE TABLE base (a INT, b STRING) WITH ('connector' = 'datagen');
CREATE TABLE t (PRIMARY KEY (a) NOT ENFORCED) LIKE base;
