-- Columns of one name.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t WITH ('connector' = 'filesystem', 'path' = '${TMP}/t', 'format' = 'json') AS SELECT 1 AS a, 2 AS a, 3;
DESCRIBE t;
