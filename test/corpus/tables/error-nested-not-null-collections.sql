-- NULLs inside of an ARRAY.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE s (r ARRAY<INT NOT NULL>) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
SET 'table.exec.sink.nested-constraint-enforcer' = 'ROWS_AND_COLLECTIONS';
INSERT INTO s SELECT ARRAY[a] FROM (VALUES (1), (CAST(NULL AS INT))) AS t (a);
