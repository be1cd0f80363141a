-- A view with queries that stand for values.
CREATE VIEW v AS SELECT x, (SELECT MAX(a) FROM (VALUES (1), (5)) AS t (a)) AS m FROM (VALUES (1), (7)) AS u (x) WHERE x > (SELECT 0) AND x <= ALL (SELECT a FROM (VALUES (7), (9)) AS w (a));
SELECT * FROM v;
