-- A partition of that name is there.
CREATE TABLE p (id INT, k STRING) PARTITIONED BY (k) WITH ('connector' = 'filesystem', 'path' = '${TMP}/p', 'format' = 'json');
ALTER TABLE p ADD PARTITION (k = 'x');
ALTER TABLE p ADD PARTITION (k = 'x');
