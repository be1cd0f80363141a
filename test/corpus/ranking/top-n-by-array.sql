-- Top-N in the order of arrays: item by item, NULL before all, of two with one beginning the shorter first.
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>, s ARRAY<STRING>, r ROW<x INT, y ARRAY<INT>>, w ARRAY<ROW<x INT, y STRING>>, n ARRAY<ARRAY<INT>>, p ROW<x INT, y STRING>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/lists.jsonl', 'format' = 'json');
SELECT 'numbers' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY a, id) AS rn FROM t) WHERE rn <= 9
UNION ALL SELECT 'numbers, down' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY a DESC, id) AS rn FROM t) WHERE rn <= 9
UNION ALL SELECT 'texts' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY s, id) AS rn FROM t) WHERE rn <= 9
UNION ALL SELECT 'texts, down' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY s DESC, id) AS rn FROM t) WHERE rn <= 9;
