-- A count of LIMIT 0, beside other rows.
CREATE TABLE t (a INT, b STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '3');
SELECT COUNT(*) AS n FROM (SELECT * FROM t LIMIT 0) UNION ALL SELECT 5;
