-- ARRAY_AGG with and without NULLs, and distinct.
CREATE TABLE sets (k STRING, n INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bitmaps.jsonl', 'format' = 'json');
SELECT k, ARRAY_AGG(n) IGNORE NULLS, ARRAY_AGG(n IGNORE NULLS), ARRAY_AGG(DISTINCT n) IGNORE NULLS, ARRAY_AGG(n) RESPECT NULLS FROM sets GROUP BY k;
