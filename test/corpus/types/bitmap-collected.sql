-- Lists, first, last and multisets of bitmaps.
CREATE TABLE sets (ts TIMESTAMP(3), id INT, k STRING, n INT, a ARRAY<INT>, WATERMARK FOR ts AS ts) WITH
  ('connector' = 'filesystem', 'path' = '${DATA}/bitmaps.jsonl', 'format' = 'json');
CREATE VIEW bits AS SELECT *, BITMAP_BUILD(a) AS b FROM sets;
SELECT k, FIRST_VALUE(b), LAST_VALUE(b), ARRAY_AGG(b) FROM bits GROUP BY k;
