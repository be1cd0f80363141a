-- A plan is not overwritten.
CREATE TABLE s (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
COMPILE PLAN '${TMP}/plan.json' FOR INSERT INTO s VALUES (1);
COMPILE PLAN '${TMP}/plan.json' FOR INSERT INTO s VALUES (2);
