-- Partition columns among others, with escaped characters in names of folders.
-- compare: changes
CREATE TABLE t (dt STRING, h STRING, id INT, ok STRING, n STRING, s STRING) PARTITIONED BY (dt, h, ok, n, s) WITH ('connector'='filesystem','path'='${DATA}/partitions','format'='csv');
SELECT * FROM t;
