-- Bitmaps over frames of rows.
CREATE TABLE sets (ts TIMESTAMP(3), id INT, k STRING, n INT, a ARRAY<INT>, WATERMARK FOR ts AS ts) WITH
  ('connector' = 'filesystem', 'path' = '${DATA}/bitmaps.jsonl', 'format' = 'json');
CREATE VIEW bits AS SELECT *, BITMAP_BUILD(a) AS b FROM sets;
SELECT id, k, BITMAP_BUILD_AGG(n) OVER w, BITMAP_AND_AGG(b) OVER w, BITMAP_OR_AGG(b) OVER w, BITMAP_XOR_AGG(b) OVER w, BITMAP_OR_CARDINALITY_AGG(b) OVER w
FROM bits WINDOW w AS (PARTITION BY k ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW);
