-- The columns of a table have changed since.
CREATE TABLE s (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
COMPILE PLAN '${TMP}/plan.json' FOR INSERT INTO s VALUES (1);
ALTER TABLE s ADD b INT;
EXECUTE PLAN '${TMP}/plan.json';
