-- Without rows the aggregates of bitmaps are NULL.
CREATE TABLE sets (ts TIMESTAMP(3), id INT, k STRING, n INT, a ARRAY<INT>, WATERMARK FOR ts AS ts) WITH
  ('connector' = 'filesystem', 'path' = '${DATA}/bitmaps.jsonl', 'format' = 'json');
CREATE VIEW bits AS SELECT *, BITMAP_BUILD(a) AS b FROM sets;

SELECT COUNT(*), BITMAP_BUILD_AGG(n), BITMAP_BUILD_CARDINALITY_AGG(n), BITMAP_AND_AGG(b), BITMAP_OR_CARDINALITY_AGG(b), BITMAP_XOR_AGG(b) FROM bits WHERE b IS NULL;
