-- LIKE takes the distribution over.
CREATE TABLE base (a INT) DISTRIBUTED BY HASH(a) INTO 2 BUCKETS WITH ('connector' = 'datagen');
CREATE TABLE t LIKE base;
SHOW CREATE TABLE t;
