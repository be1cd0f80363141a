-- AND, OR, XOR and ANDNOT of bitmaps, empty and NULL among them.
CREATE TABLE sets (ts TIMESTAMP(3), id INT, k STRING, n INT, a ARRAY<INT>, WATERMARK FOR ts AS ts) WITH
  ('connector' = 'filesystem', 'path' = '${DATA}/bitmaps.jsonl', 'format' = 'json');

SELECT x.id, y.id, BITMAP_AND(x.b, y.b), BITMAP_OR(x.b, y.b), BITMAP_XOR(x.b, y.b), BITMAP_ANDNOT(x.b, y.b)
FROM (SELECT id, BITMAP_BUILD(a) AS b FROM sets) AS x, (SELECT id, BITMAP_BUILD(a) AS b FROM sets WHERE id IN (1, 2, 3, 11, 13)) AS y;
