-- BITMAP_BUILD_AGG takes INT.
CREATE TABLE sets (ts TIMESTAMP(3), id INT, k STRING, n INT, a ARRAY<INT>, WATERMARK FOR ts AS ts) WITH
  ('connector' = 'filesystem', 'path' = '${DATA}/bitmaps.jsonl', 'format' = 'json');
SELECT BITMAP_BUILD_AGG(CAST(n AS BIGINT)) FROM sets;
