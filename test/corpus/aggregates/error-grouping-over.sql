-- GROUPING tells of keys, not of windows.
SELECT GROUPING(x) OVER (ORDER BY x) FROM (VALUES (1)) AS t (x);
