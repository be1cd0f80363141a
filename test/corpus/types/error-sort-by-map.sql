-- Maps have no order to sort by.
SELECT * FROM (VALUES (MAP['a', 1]), (MAP['b', 2])) AS t (m) ORDER BY m LIMIT 1;
