-- Bitmaps that change are combined again.
CREATE TABLE sets (ts TIMESTAMP(3), id INT, k STRING, n INT, a ARRAY<INT>, WATERMARK FOR ts AS ts) WITH
  ('connector' = 'filesystem', 'path' = '${DATA}/bitmaps.jsonl', 'format' = 'json');

SELECT BITMAP_AND_AGG(b), BITMAP_OR_AGG(b), BITMAP_XOR_AGG(b), BITMAP_AND_CARDINALITY_AGG(b), BITMAP_OR_CARDINALITY_AGG(b), BITMAP_XOR_CARDINALITY_AGG(b)
FROM (SELECT k, BITMAP_BUILD_AGG(n) AS b FROM sets GROUP BY k);
