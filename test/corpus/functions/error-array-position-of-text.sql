-- ARRAY_CONTAINS wants an element of the array type.
CREATE TABLE x (id INT, a ARRAY<INT>, sa ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>, ra ARRAY<ROW<x INT, y STRING>>, da ARRAY<DOUBLE>, aa ARRAY<ARRAY<INT>>, n INT, k STRING, j STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_nested.jsonl', 'format' = 'json');
SELECT ARRAY_CONTAINS(a, 'x') FROM x;
