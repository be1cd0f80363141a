-- Rows with NULLs inside of a ROW are left out.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE s (r ROW<x INT NOT NULL, y STRING NOT NULL>) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
SET 'table.exec.sink.nested-constraint-enforcer' = 'ROWS';
SET 'table.exec.sink.not-null-enforcer' = 'DROP';
INSERT INTO s SELECT ROW(a, b) FROM (VALUES (1, 'x'), (2, CAST(NULL AS STRING))) AS t (a, b);
SELECT * FROM s;
