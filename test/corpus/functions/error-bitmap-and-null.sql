-- A NULL without a type is no bitmap.
SELECT BITMAP_AND(BITMAP_BUILD(ARRAY[1]), NULL);
