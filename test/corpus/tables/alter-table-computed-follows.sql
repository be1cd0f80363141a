-- A computed column has the type that its columns have now.
CREATE TABLE t (a INT, d AS a + 1) WITH ('connector' = 'datagen');
ALTER TABLE t MODIFY a BIGINT;
DESCRIBE t;
