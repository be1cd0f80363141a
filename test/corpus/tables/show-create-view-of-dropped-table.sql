-- A view whose table is gone still says its query.
CREATE TABLE t (a INT NOT NULL) WITH ('connector' = 'datagen');
CREATE VIEW v AS SELECT t.a, x.a AS b FROM t JOIN t AS x ON t.a = x.a WHERE t.a > 3;
DROP TABLE t;
SHOW CREATE VIEW v;
