-- IGNORE NULLS stands behind few aggregates.
SELECT SUM(x) IGNORE NULLS FROM (VALUES (1)) AS t (x);
