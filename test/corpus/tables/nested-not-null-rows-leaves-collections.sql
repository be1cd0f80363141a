-- ROWS looks into rows only.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE s (a ARRAY<INT NOT NULL>) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
SET 'table.exec.sink.nested-constraint-enforcer' = 'ROWS';
INSERT INTO s SELECT ARRAY[a] FROM (VALUES (1), (CAST(NULL AS INT))) AS t (a);
SELECT * FROM s;
