-- Bitmaps have no order to compare by.
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sets.jsonl', 'format' = 'json');
SELECT x.b < y.b FROM (SELECT BITMAP_BUILD(a) AS b FROM t) x, (SELECT BITMAP_BUILD(a) AS b FROM t) y;
