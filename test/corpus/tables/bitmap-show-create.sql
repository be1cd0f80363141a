-- SHOW CREATE TABLE of bitmaps.
CREATE TABLE t (id INT, b BITMAP, c BITMAP NOT NULL, a ARRAY<BITMAP>) WITH ('connector' = 'blackhole');
SHOW CREATE TABLE t;
