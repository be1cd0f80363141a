-- A plan of batch mode.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE s (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
COMPILE PLAN '${TMP}/plan.json' FOR INSERT INTO s VALUES (1), (2);
EXECUTE PLAN '${TMP}/plan.json';
SELECT * FROM s;
