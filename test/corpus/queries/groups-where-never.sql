-- Groups of no rows.
CREATE TABLE t (a INT, b STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '3');
SELECT b, COUNT(*) AS n FROM t WHERE FALSE GROUP BY b;
