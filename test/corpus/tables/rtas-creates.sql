-- CREATE OR REPLACE TABLE AS without a table.
SET 'execution.runtime-mode' = 'batch';
CREATE OR REPLACE TABLE t WITH ('connector' = 'filesystem', 'path' = '${TMP}/t', 'format' = 'json') AS SELECT 1 AS a, 'x' AS b;
DESCRIBE t;
