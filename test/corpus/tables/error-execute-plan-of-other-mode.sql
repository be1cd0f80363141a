-- A plan of streaming mode in batch mode.
CREATE TABLE s (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
COMPILE PLAN '${TMP}/plan.json' FOR INSERT INTO s SELECT a FROM (VALUES (1), (2)) AS t (a) WHERE a > 1;
SET 'execution.runtime-mode' = 'batch';
EXECUTE PLAN '${TMP}/plan.json';
