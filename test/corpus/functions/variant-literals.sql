-- PARSE_JSON, members, types.
CREATE TABLE x (id INT, a ARRAY<INT>, sa ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>, ra ARRAY<ROW<x INT, y STRING>>, da ARRAY<DOUBLE>, aa ARRAY<ARRAY<INT>>, n INT, k STRING, j STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_nested.jsonl', 'format' = 'json');
SELECT id,
  PARSE_JSON(NULL) AS c0,
  PARSE_JSON('0.1') AS c1,
  PARSE_JSON('12345678901234567890') AS c2,
  PARSE_JSON('[1,2]')[1] AS c3,
  PARSE_JSON('[1,2]')[0] AS c4,
  PARSE_JSON('[1,2]')[3] AS c5,
  PARSE_JSON('{"a":{"b":1}}')['a']['b'] AS c6,
  PARSE_JSON('{"a":{"b":1}}')['x'] AS c7,
  PARSE_JSON('"é\n"') AS c8,
  PARSE_JSON('true') AS c9,
  PARSE_JSON('1') IS NULL AS c10,
  PARSE_JSON('null') AS c11,
  PARSE_JSON(' {"a" : 1 } ') AS c12
FROM x;
