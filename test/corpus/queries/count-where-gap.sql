-- A condition that no number fulfils.
CREATE TABLE t (a INT, b STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '3');
SELECT COUNT(*) + 1 AS n FROM t WHERE a > 5 AND a < 3;
