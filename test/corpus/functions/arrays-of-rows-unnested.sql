-- UNNEST of an array of rows, with and without WHERE.
CREATE TABLE x (id INT, a ARRAY<INT>, sa ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>, ra ARRAY<ROW<x INT, y STRING>>, da ARRAY<DOUBLE>, aa ARRAY<ARRAY<INT>>, n INT, k STRING, j STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_nested.jsonl', 'format' = 'json');
SELECT id, y2, x2 * 10 AS x10 FROM x CROSS JOIN UNNEST(ra) AS u(x2, y2) WHERE x2 IS NOT NULL;
