-- Bitmaps have no order to sort by.
SELECT * FROM (VALUES (BITMAP_BUILD(ARRAY[1])), (BITMAP_BUILD(ARRAY[2]))) AS t (b) ORDER BY b LIMIT 1;
