-- Tables with columns of bitmaps.
CREATE TABLE t (id INT, b BITMAP, c BITMAP NOT NULL, r ROW<x BITMAP, y ARRAY<BITMAP>, z MAP<STRING, BITMAP>>) WITH ('connector' = 'blackhole');
DESCRIBE t;
