-- A join on bitmaps; NULL joins nothing.
CREATE TABLE sets (ts TIMESTAMP(3), id INT, k STRING, n INT, a ARRAY<INT>, WATERMARK FOR ts AS ts) WITH
  ('connector' = 'filesystem', 'path' = '${DATA}/bitmaps.jsonl', 'format' = 'json');
CREATE VIEW bits AS SELECT *, BITMAP_BUILD(a) AS b FROM sets;
SELECT x.id, y.id, x.b FROM bits AS x JOIN bits AS y ON x.b = y.b;
