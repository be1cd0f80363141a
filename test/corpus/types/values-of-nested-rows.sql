-- VALUES with arrays, maps and rows that widen inside.
SELECT a, TYPEOF(a) AS ta, r, TYPEOF(r) AS tr, m FROM (VALUES (ARRAY[1, 2], ROW(1, 'a'), MAP['k', 1]), (ARRAY[3], ROW(2, 'b'), MAP['q', 2])) AS v(a, r, m);
