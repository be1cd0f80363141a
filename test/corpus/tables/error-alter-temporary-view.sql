-- A temporary view is made anew instead.
CREATE TEMPORARY VIEW v AS SELECT 1 AS a;
ALTER VIEW v AS SELECT 2 AS a;
