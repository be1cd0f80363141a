-- Columns that come to a table later are not in its views.
CREATE TABLE t (a INT, b STRING) WITH ('connector' = 'datagen');
CREATE VIEW v AS SELECT * FROM t;
ALTER TABLE t ADD c INT;
DESCRIBE v;
