-- A column that differs from itself.
CREATE TABLE t (a INT, b STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '3');
SELECT COUNT(a) AS n FROM t WHERE a <> a;
