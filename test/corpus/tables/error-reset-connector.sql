-- A table keeps its connector.
CREATE TABLE t (a INT) WITH ('connector' = 'datagen');
ALTER TABLE t RESET ('connector');
