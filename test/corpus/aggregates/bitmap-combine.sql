-- OR, AND and XOR of the bitmaps of a group: NULL without any, empty without a number.
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sets.jsonl', 'format' = 'json');
SELECT k, BITMAP_OR_AGG(BITMAP_BUILD(a)), BITMAP_AND_AGG(BITMAP_BUILD(a)), BITMAP_XOR_AGG(BITMAP_BUILD(a)) FROM t GROUP BY k;
