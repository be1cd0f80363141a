-- VALUES with rows of different types.
SELECT a, b, c, a + 1 AS a1 FROM (VALUES (1, 'a', DATE '2024-01-01'), (2.5, 'bcd', DATE '2024-02-29'), (CAST(NULL AS DOUBLE), 'ef', CAST(NULL AS DATE))) AS v(a, b, c);
