-- Bitmaps have no greatest one.
SELECT MAX(b) FROM (VALUES (BITMAP_BUILD(ARRAY[1]))) AS t (b);
