-- A plan is compiled, then executed twice.
SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE s (a INT, b STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
COMPILE PLAN '${TMP}/plan.json' FOR INSERT INTO s VALUES (1, 'x'), (2, 'y');
EXECUTE PLAN '${TMP}/plan.json';
EXECUTE PLAN '${TMP}/plan.json';
SELECT * FROM s;
