-- A text is no bitmap.
SELECT CAST('{1}' AS BITMAP);
