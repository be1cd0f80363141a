-- SHOW COLUMNS NOT LIKE.
CREATE TABLE t (a INT, b STRING, abc STRING) WITH ('connector' = 'datagen');
SHOW COLUMNS IN t NOT LIKE 'a%';
