-- REPLACE TABLE AS wants a table.
REPLACE TABLE t WITH ('connector' = 'filesystem', 'path' = '${TMP}/t', 'format' = 'json') AS SELECT 1 AS a;
