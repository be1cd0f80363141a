-- NULLS LAST says where a row stands that is NULL; in a row, NULL is the least.
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>, s ARRAY<STRING>, r ROW<x INT, y ARRAY<INT>>, w ARRAY<ROW<x INT, y STRING>>, n ARRAY<ARRAY<INT>>, p ROW<x INT, y STRING>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/lists.jsonl', 'format' = 'json');
SELECT 'nulls last' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY p NULLS LAST, id) AS rn FROM t) WHERE rn <= 9
UNION ALL SELECT 'down, nulls first' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY p DESC NULLS FIRST, id) AS rn FROM t) WHERE rn <= 9;
