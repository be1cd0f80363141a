-- Bitmaps of windows.
CREATE TABLE sets (ts TIMESTAMP(3), id INT, k STRING, n INT, a ARRAY<INT>, WATERMARK FOR ts AS ts) WITH
  ('connector' = 'filesystem', 'path' = '${DATA}/bitmaps.jsonl', 'format' = 'json');
CREATE VIEW bits AS SELECT *, BITMAP_BUILD(a) AS b FROM sets;
SELECT window_start, k, BITMAP_BUILD_AGG(n), BITMAP_AND_AGG(b), BITMAP_OR_AGG(b), BITMAP_XOR_AGG(b), BITMAP_OR_CARDINALITY_AGG(b)
FROM TABLE(TUMBLE(TABLE bits, DESCRIPTOR(ts), INTERVAL '20' SECOND)) GROUP BY window_start, window_end, k;
