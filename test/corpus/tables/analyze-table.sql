-- ANALYZE TABLE in batch mode says nothing.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (a INT, b STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/t', 'format' = 'json');
INSERT INTO t VALUES (1, 'x'), (2, 'y');
ANALYZE TABLE t COMPUTE STATISTICS;
ANALYZE TABLE t COMPUTE STATISTICS FOR COLUMNS a, b;
ANALYZE TABLE t COMPUTE STATISTICS FOR ALL COLUMNS;
SELECT COUNT(*) FROM t;
