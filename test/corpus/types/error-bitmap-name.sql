-- BITMAP is a reserved word.
SELECT 1 AS bitmap;
