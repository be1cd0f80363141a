-- Hints OPTIONS may be turned off.
CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'number-of-rows' = '3');
SET 'table.dynamic-table-options.enabled' = 'false';
SELECT a FROM t /*+ OPTIONS('number-of-rows' = '1') */;
