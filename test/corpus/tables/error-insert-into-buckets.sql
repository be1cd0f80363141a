-- A sink that has no buckets.
CREATE TABLE t (a INT) DISTRIBUTED BY HASH(a) INTO 3 BUCKETS WITH ('connector' = 'blackhole');
INSERT INTO t VALUES (1);
