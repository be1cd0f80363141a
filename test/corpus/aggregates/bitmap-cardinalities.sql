-- The cardinalities of the bitmaps of a group.
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sets.jsonl', 'format' = 'json');
SELECT k, BITMAP_OR_CARDINALITY_AGG(BITMAP_BUILD(a)), BITMAP_AND_CARDINALITY_AGG(BITMAP_BUILD(a)), BITMAP_XOR_CARDINALITY_AGG(BITMAP_BUILD(a)), BITMAP_BUILD_CARDINALITY_AGG(id) FROM t GROUP BY k;
