-- Names of columns of an alias.
SELECT 1 FROM (VALUES (1, 2)) AS t (a, a);
