-- Rows with NULLs inside of collections are left out.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE s (a ARRAY<ROW<x INT NOT NULL>>) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
SET 'table.exec.sink.nested-constraint-enforcer' = 'ROWS_AND_COLLECTIONS';
SET 'table.exec.sink.not-null-enforcer' = 'DROP';
INSERT INTO s SELECT ARRAY[ROW(a)] FROM (VALUES (1), (CAST(NULL AS INT)), (3)) AS t (a);
SELECT * FROM s;
