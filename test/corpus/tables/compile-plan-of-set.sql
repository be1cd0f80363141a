-- A statement set in one plan.
CREATE TABLE s (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
CREATE TABLE t (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/t', 'format' = 'json');
COMPILE PLAN '${TMP}/plan.json' FOR STATEMENT SET BEGIN INSERT INTO s VALUES (1); INSERT INTO t VALUES (2); END;
EXECUTE PLAN '${TMP}/plan.json';
SELECT a, 's' AS k FROM s UNION ALL SELECT a, 't' FROM t;
