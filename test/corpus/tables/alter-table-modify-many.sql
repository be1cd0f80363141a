-- MODIFY of types, places and comments.
CREATE TABLE t (a INT, b STRING, c DOUBLE, d AS a + 1) COMMENT 'x' WITH ('connector' = 'datagen');
ALTER TABLE t MODIFY (c FLOAT COMMENT 'now float' FIRST, a BIGINT NOT NULL AFTER b, d AS a * 2);
DESCRIBE t;
