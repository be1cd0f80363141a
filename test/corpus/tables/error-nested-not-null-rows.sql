-- NULLs inside of a ROW.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE s (r ROW<x INT NOT NULL, y STRING NOT NULL>) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
SET 'table.exec.sink.nested-constraint-enforcer' = 'ROWS';
INSERT INTO s SELECT ROW(a, b) FROM (VALUES (1, 'x'), (2, CAST(NULL AS STRING))) AS t (a, b);
