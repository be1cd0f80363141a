-- SHOW PARTITIONS with a value.
CREATE TABLE p (id INT, k STRING, n INT) PARTITIONED BY (k, n) WITH ('connector' = 'filesystem', 'path' = '${TMP}/p', 'format' = 'json');
ALTER TABLE p ADD PARTITION (k = 'x', n = 5) PARTITION (k = 'y', n = 6) PARTITION (k = 'x', n = 7);
SHOW PARTITIONS p PARTITION (k = 'x');
