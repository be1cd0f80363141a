-- ANALYZE TABLE is for batch mode.
CREATE TABLE t (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/t', 'format' = 'json');
ANALYZE TABLE t COMPUTE STATISTICS;
