-- NULLS LAST says where an array stands that is NULL; its items keep their order.
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>, s ARRAY<STRING>, r ROW<x INT, y ARRAY<INT>>, w ARRAY<ROW<x INT, y STRING>>, n ARRAY<ARRAY<INT>>, p ROW<x INT, y STRING>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/lists.jsonl', 'format' = 'json');
SELECT 'numbers' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY a NULLS LAST, id) AS rn FROM t) WHERE rn <= 9
UNION ALL SELECT 'texts, down, nulls first' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY s DESC NULLS FIRST, id) AS rn FROM t) WHERE rn <= 9
UNION ALL SELECT 'in a row' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY r NULLS LAST, id) AS rn FROM t) WHERE rn <= 9
UNION ALL SELECT 'of rows, down, nulls first' AS how, id, rn FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY w DESC NULLS FIRST, id) AS rn FROM t) WHERE rn <= 9;
