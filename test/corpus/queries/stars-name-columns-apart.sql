-- Two stars in a list; the second column of a name has a number.
SELECT a0 + b AS x FROM (SELECT t.*, u.* FROM (VALUES (1, 2)) AS t (a, b), (VALUES (10, 20)) AS u (a, c)) AS z;
