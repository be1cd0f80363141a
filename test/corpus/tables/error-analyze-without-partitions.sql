-- All columns of PARTITIONED BY are named.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (a INT, b STRING) PARTITIONED BY (b) WITH ('connector' = 'filesystem', 'path' = '${TMP}/t', 'format' = 'json');
ANALYZE TABLE t COMPUTE STATISTICS;
