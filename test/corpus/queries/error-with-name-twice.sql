-- Names of columns of WITH.
WITH z (a, a) AS (SELECT 1, 2) SELECT 1 FROM z;
