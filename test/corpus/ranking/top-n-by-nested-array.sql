-- Top-N in the order of arrays within rows and arrays, and of rows within arrays.
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>, s ARRAY<STRING>, r ROW<x INT, y ARRAY<INT>>, w ARRAY<ROW<x INT, y STRING>>, n ARRAY<ARRAY<INT>>, p ROW<x INT, y STRING>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/lists.jsonl', 'format' = 'json');
SELECT 'in a row' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY r, id) AS rn FROM t) WHERE rn <= 9
UNION ALL SELECT 'in a row, down' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY r DESC, id) AS rn FROM t) WHERE rn <= 9
UNION ALL SELECT 'of rows' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY w, id) AS rn FROM t) WHERE rn <= 9
UNION ALL SELECT 'of rows, down' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY w DESC, id) AS rn FROM t) WHERE rn <= 9
UNION ALL SELECT 'of arrays' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY n, id) AS rn FROM t) WHERE rn <= 9
UNION ALL SELECT 'two' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY a, s DESC, id) AS rn FROM t) WHERE rn <= 9;
