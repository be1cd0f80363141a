-- An index of an array starts at 1.
CREATE TABLE x (id INT, a ARRAY<INT>, sa ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>, ra ARRAY<ROW<x INT, y STRING>>, da ARRAY<DOUBLE>, aa ARRAY<ARRAY<INT>>, n INT, k STRING, j STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_nested.jsonl', 'format' = 'json');
SELECT a[0] FROM x;
