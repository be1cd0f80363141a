-- A column that is not there.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/t', 'format' = 'json');
ANALYZE TABLE t COMPUTE STATISTICS FOR COLUMNS b;
