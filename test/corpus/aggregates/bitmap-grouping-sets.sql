-- Bitmaps by grouping sets.
CREATE TABLE sets (ts TIMESTAMP(3), id INT, k STRING, n INT, a ARRAY<INT>, WATERMARK FOR ts AS ts) WITH
  ('connector' = 'filesystem', 'path' = '${DATA}/bitmaps.jsonl', 'format' = 'json');
CREATE VIEW bits AS SELECT *, BITMAP_BUILD(a) AS b FROM sets;
SELECT k, MOD(id, 2), GROUPING_ID(k, MOD(id, 2)), BITMAP_BUILD_AGG(n), BITMAP_OR_AGG(b) FROM bits GROUP BY CUBE (k, MOD(id, 2));
