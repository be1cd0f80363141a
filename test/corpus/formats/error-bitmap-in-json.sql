-- json has no bitmaps.
CREATE TABLE t (b BITMAP) WITH ('connector' = 'filesystem', 'path' = '${TMP}/t', 'format' = 'json');
INSERT INTO t SELECT BITMAP_BUILD(ARRAY[1]);
SELECT * FROM t;
