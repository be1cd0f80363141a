-- ADD of columns at their places, a watermark and a key.
CREATE TABLE t (a INT, ts TIMESTAMP(3)) WITH ('connector' = 'datagen');
ALTER TABLE t ADD (f INT COMMENT 'first' FIRST, g STRING AFTER a, h AS a + 1 AFTER g, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND, CONSTRAINT pk PRIMARY KEY (a) NOT ENFORCED);
DESCRIBE t;
