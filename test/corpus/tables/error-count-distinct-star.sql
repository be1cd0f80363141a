-- DISTINCT before a star.
SELECT COUNT(DISTINCT *) FROM (VALUES (1)) AS t (a);
