-- A star over two columns of one name.
SELECT * FROM (SELECT 1 AS a, 2 AS a) AS t;
