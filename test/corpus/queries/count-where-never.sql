-- A count of what the plan knows to be no rows is 0, also in streaming mode.
CREATE TABLE t (a INT, b STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '3');
SELECT COUNT(*) AS n, SUM(a) AS s, MIN(b) AS lo, MAX(b) AS hi, COUNT(*) FILTER (WHERE a > 1) AS f FROM t WHERE 1 = 2;
