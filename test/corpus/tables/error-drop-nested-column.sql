-- Fields of a ROW stay.
CREATE TABLE t (a INT, r ROW<x INT, y INT>) WITH ('connector' = 'datagen');
ALTER TABLE t DROP r.x;
