-- EXPLAIN plans the sink too.
EXPLAIN CREATE TABLE t AS SELECT 1 AS a;
