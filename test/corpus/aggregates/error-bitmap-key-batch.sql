-- Grouping by bitmaps in batch mode, where Flink wants to sort them.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sets.jsonl', 'format' = 'json');
SELECT BITMAP_BUILD(a) AS b, COUNT(*) FROM t GROUP BY BITMAP_BUILD(a);
