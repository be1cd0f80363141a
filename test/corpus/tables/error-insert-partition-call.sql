-- A partition has a constant.
CREATE TABLE p (id INT, k STRING) PARTITIONED BY (k) WITH ('connector' = 'filesystem', 'path' = '${TMP}/p', 'format' = 'json');
INSERT INTO p PARTITION (k = UPPER('x')) VALUES (1);
