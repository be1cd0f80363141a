-- The hint OPTIONS has keys with values.
CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'number-of-rows' = '3');
SELECT a FROM t /*+ OPTIONS('number-of-rows') */;
