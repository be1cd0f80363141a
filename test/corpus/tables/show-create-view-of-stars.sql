-- SHOW CREATE VIEW of two stars.
CREATE TABLE t (a INT, b STRING) WITH ('connector' = 'datagen');
CREATE VIEW v AS SELECT x.*, y.* FROM t AS x JOIN t AS y ON x.a = y.a;
SHOW CREATE VIEW v;
