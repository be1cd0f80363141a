-- Bitmaps built in batch mode, which Flink cannot compile.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sets.jsonl', 'format' = 'json');
SELECT k, BITMAP_BUILD_AGG(id) FROM t GROUP BY k;
