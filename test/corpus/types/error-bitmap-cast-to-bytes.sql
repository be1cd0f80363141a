-- Bitmaps are no bytes.
SELECT CAST(BITMAP_BUILD(ARRAY[1]) AS BYTES);
