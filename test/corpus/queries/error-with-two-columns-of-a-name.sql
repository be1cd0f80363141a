-- A query of WITH has names apart.
WITH z AS (SELECT 1 AS a, 2 AS a, 3 AS b) SELECT b FROM z;
