-- The bitmap of the integers of a group; NULL without any.
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sets.jsonl', 'format' = 'json');
SELECT k, BITMAP_BUILD_AGG(id) FROM t GROUP BY k;
