-- A plan of streaming mode in batch mode.
CREATE TABLE s (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
COMPILE PLAN '${TMP}/plan.json' FOR STATEMENT SET BEGIN INSERT INTO s VALUES (1); INSERT INTO s VALUES (2); END;
SET 'execution.runtime-mode' = 'batch';
EXECUTE PLAN '${TMP}/plan.json';
