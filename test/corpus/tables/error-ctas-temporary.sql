-- CREATE TEMPORARY TABLE AS is not there.
CREATE TEMPORARY TABLE t WITH ('connector' = 'filesystem', 'path' = '${TMP}/t', 'format' = 'json') AS SELECT 1 AS a;
