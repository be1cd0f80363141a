-- Bitmaps of updating rows, combined by a key that changes.
CREATE TABLE sets (ts TIMESTAMP(3), id INT, k STRING, n INT, a ARRAY<INT>, WATERMARK FOR ts AS ts) WITH
  ('connector' = 'filesystem', 'path' = '${DATA}/bitmaps.jsonl', 'format' = 'json');

SELECT MOD(c, 3), BITMAP_AND_AGG(b), BITMAP_OR_AGG(b), BITMAP_XOR_AGG(b), BITMAP_XOR_AGG(DISTINCT b), BITMAP_OR_AGG(b) FILTER (WHERE c > 2)
FROM (SELECT k, COUNT(*) AS c, BITMAP_OR_AGG(BITMAP_BUILD(a)) AS b FROM sets GROUP BY k) GROUP BY MOD(c, 3);
