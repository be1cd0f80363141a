-- Bitmaps of arrays, NULLs and negative numbers among them, with their cardinality and bytes.
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sets.jsonl', 'format' = 'json');
SELECT id, BITMAP_BUILD(a), BITMAP_CARDINALITY(BITMAP_BUILD(a)), BITMAP_TO_BYTES(BITMAP_BUILD(a)) FROM t;
