-- Bitmaps have no order to sort by.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sets.jsonl', 'format' = 'json');
SELECT b FROM (SELECT BITMAP_BUILD(a) AS b FROM t) x ORDER BY b;
