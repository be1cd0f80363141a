-- CREATE OR REPLACE TABLE AS.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (x STRING) WITH ('connector' = 'datagen');
CREATE OR REPLACE TABLE t WITH ('connector' = 'filesystem', 'path' = '${TMP}/t', 'format' = 'json') AS SELECT 1 AS a, 'x' AS b;
SELECT * FROM t;
