-- The key of inherited columns.
CREATE TABLE base (a INT NOT NULL, b STRING) WITH ('connector' = 'datagen');
CREATE TABLE t (PRIMARY KEY (a) NOT ENFORCED) LIKE base;
DESCRIBE t;
