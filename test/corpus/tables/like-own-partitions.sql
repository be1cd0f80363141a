-- Own partitions with EXCLUDING PARTITIONS.
CREATE TABLE base (a INT, b STRING) PARTITIONED BY (b) WITH ('connector' = 'filesystem', 'path' = '/tmp/base', 'format' = 'json');
CREATE TABLE t (z INT) PARTITIONED BY (z) LIKE base (EXCLUDING PARTITIONS);
SHOW CREATE TABLE t;
