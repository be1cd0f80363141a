-- Distinct bitmaps.
CREATE TABLE sets (ts TIMESTAMP(3), id INT, k STRING, n INT, a ARRAY<INT>, WATERMARK FOR ts AS ts) WITH
  ('connector' = 'filesystem', 'path' = '${DATA}/bitmaps.jsonl', 'format' = 'json');
CREATE VIEW bits AS SELECT *, BITMAP_BUILD(a) AS b FROM sets;
SELECT COUNT(b), COUNT(DISTINCT b), COUNT(*) FROM bits;
