-- Fields of rows, elements of arrays and maps in WHERE and SELECT.
CREATE TABLE x (id INT, a ARRAY<INT>, sa ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>, ra ARRAY<ROW<x INT, y STRING>>, da ARRAY<DOUBLE>, aa ARRAY<ARRAY<INT>>, n INT, k STRING, j STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_nested.jsonl', 'format' = 'json');
SELECT id, r.x + 1 AS x1, r.y || '!' AS y1, ra[1].x AS rx, ra[2].y AS ry, a[1] + COALESCE(a[2], 100) AS s_, m['k'] AS mk, aa[1][2] AS aa12, CARDINALITY(aa[1]) AS n1 FROM x WHERE r.x > 0 OR m['z'] = 9 OR CARDINALITY(a) = 0 OR r IS NULL;
