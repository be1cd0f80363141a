-- table.plan.force-recompile replaces a plan.
CREATE TABLE s (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
COMPILE PLAN '${TMP}/plan.json' FOR INSERT INTO s VALUES (1);
SET 'table.plan.force-recompile' = 'true';
COMPILE PLAN '${TMP}/plan.json' FOR INSERT INTO s VALUES (2);
EXECUTE PLAN '${TMP}/plan.json';
SELECT * FROM s;
