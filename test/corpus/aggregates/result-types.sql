-- The types of aggregates of columns that are never NULL, of short texts, and with FILTER.
CREATE TABLE t (k STRING, i INT, n INT NOT NULL, c CHAR(3), v VARCHAR(5) NOT NULL, d DECIMAL(10, 2) NOT NULL) WITH ('connector' = 'datagen');
CREATE TEMPORARY VIEW results AS
SELECT k, COUNT(i) AS a, SUM(n) AS b, AVG(d) AS c, MIN(v) AS d, FIRST_VALUE(n) AS e, LAST_VALUE(v) AS f, FIRST_VALUE(i) AS g, FIRST_VALUE(n) FILTER (WHERE i > 0) AS h, COLLECT(n) AS i, LISTAGG(c) AS j,
  LISTAGG(v) AS k2, ARRAY_AGG(n) AS m, ARRAY_AGG(i) AS n, JSON_ARRAYAGG(v) AS p, JSON_OBJECTAGG(KEY v VALUE i) AS q,
  PERCENTILE(n, 0.5) AS r, PERCENTILE(n, ARRAY[0.5]) AS s, STDDEV_POP(n) AS t, VAR_SAMP(d) AS u, BITMAP_BUILD_AGG(n) AS w, BITMAP_BUILD_CARDINALITY_AGG(n) AS x
FROM t GROUP BY k;
DESCRIBE results;
