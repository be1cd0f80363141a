-- Of two hints OPTIONS the first one counts.
CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'number-of-rows' = '3', 'fields.a.kind' = 'sequence', 'fields.a.start' = '1', 'fields.a.end' = '9');
SELECT a FROM t /*+ OPTIONS('number-of-rows' = '1'), OPTIONS('number-of-rows' = '2') */;
