-- A plan that is there stays.
CREATE TABLE s (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
COMPILE PLAN '${TMP}/plan.json' FOR INSERT INTO s VALUES (1);
COMPILE PLAN '${TMP}/plan.json' IF NOT EXISTS FOR INSERT INTO s VALUES (2);
EXECUTE PLAN '${TMP}/plan.json';
SELECT * FROM s;
