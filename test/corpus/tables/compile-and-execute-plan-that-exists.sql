-- COMPILE AND EXECUTE runs the plan that is there.
CREATE TABLE s (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
COMPILE AND EXECUTE PLAN '${TMP}/plan.json' FOR INSERT INTO s VALUES (1);
COMPILE AND EXECUTE PLAN '${TMP}/plan.json' FOR INSERT INTO s VALUES (2);
SELECT * FROM s;
