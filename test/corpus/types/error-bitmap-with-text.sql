-- A bitmap and a text have no type in common.
SELECT CASE WHEN TRUE THEN BITMAP_BUILD(ARRAY[1]) ELSE 'x' END;
