-- Elements by position and key, fields of rows by name and position.
CREATE TABLE x (id INT, a ARRAY<INT>, sa ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>, ra ARRAY<ROW<x INT, y STRING>>, da ARRAY<DOUBLE>, aa ARRAY<ARRAY<INT>>, n INT, k STRING, j STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_nested.jsonl', 'format' = 'json');
SELECT id,
  r[1] AS c0,
  r['x'] AS c1,
  ARRAY['a','b'][2] AS c2,
  ARRAY[ARRAY[1], ARRAY[2, 3]][2][1] AS c3,
  MAP['a', MAP['b', 1]]['a']['b'] AS c4,
  MAP[1, 'a'][1] AS c5,
  MAP[1, 'a'][CAST(1 AS BIGINT)] AS c6,
  MAP[1.5, 'a'][1.5] AS c7,
  MAP[TRUE, 'a'][TRUE] AS c8,
  MAP[DATE '2024-01-01', 'a'][DATE '2024-01-01'] AS c9,
  CAST(ROW(1, 2) AS ROW<a INT, b INT>).b AS c10
FROM x;
