-- MAP_FROM_ARRAYS fails the job for arrays of different length.
CREATE TABLE x (id INT, a ARRAY<INT>, sa ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>, ra ARRAY<ROW<x INT, y STRING>>, da ARRAY<DOUBLE>, aa ARRAY<ARRAY<INT>>, n INT, k STRING, j STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_nested.jsonl', 'format' = 'json');
SELECT MAP_FROM_ARRAYS(ARRAY['a', 'b'], a) FROM x WHERE id = 1;
