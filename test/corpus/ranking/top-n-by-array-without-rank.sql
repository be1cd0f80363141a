-- The greatest array of each key, without its rank; and ORDER BY an array with LIMIT.
CREATE TABLE t (id INT, k STRING, a ARRAY<INT>, s ARRAY<STRING>, r ROW<x INT, y ARRAY<INT>>, w ARRAY<ROW<x INT, y STRING>>, n ARRAY<ARRAY<INT>>, p ROW<x INT, y STRING>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/lists.jsonl', 'format' = 'json');
SELECT 'top' AS how, id, a FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY a DESC) AS rn FROM t WHERE id <> 9) WHERE rn <= 2
UNION ALL (SELECT 'first', id, a FROM t ORDER BY a, id LIMIT 3);
