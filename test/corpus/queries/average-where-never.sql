-- An average of what the plan knows to be no rows gives none.
CREATE TABLE t (a INT, b STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '3');
SELECT COUNT(*) AS n, AVG(a) AS m FROM t WHERE FALSE;
