-- A value for each column.
CREATE TABLE p (id INT, k STRING, n INT) PARTITIONED BY (k, n) WITH ('connector' = 'filesystem', 'path' = '${TMP}/p', 'format' = 'json');
ALTER TABLE p ADD PARTITION (k = 'x');
