-- ARRAY_SLICE with ends before the first element.
CREATE TABLE x (id INT, a ARRAY<INT>, sa ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>, ra ARRAY<ROW<x INT, y STRING>>, da ARRAY<DOUBLE>, aa ARRAY<ARRAY<INT>>, n INT, k STRING, j STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_nested.jsonl', 'format' = 'json');
SELECT id,
  ARRAY_SLICE(ARRAY['one'], -4, -3) AS c0,
  ARRAY_SLICE(ARRAY['one','two'], -4, -3) AS c1,
  ARRAY_SLICE(ARRAY['one','two'], -9, -9) AS c2,
  ARRAY_SLICE(ARRAY['one','two'], -3, -9) AS c3,
  ARRAY_SLICE(ARRAY['one','two'], 1, -9) AS c4,
  ARRAY_SLICE(ARRAY['one','two'], 1, -3) AS c5,
  ARRAY_SLICE(ARRAY['one','two'], 2, -3) AS c6,
  ARRAY_SLICE(ARRAY['one','two'], -123, -231) AS c7
FROM x;
