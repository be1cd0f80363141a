-- Partitions that ALTER TABLE notes.
CREATE TABLE p (id INT, k STRING, n INT) PARTITIONED BY (k, n) WITH ('connector' = 'filesystem', 'path' = '${TMP}/p', 'format' = 'json');
ALTER TABLE p ADD PARTITION (k = 'x', n = 5);
ALTER TABLE p ADD IF NOT EXISTS PARTITION (k = 'x', n = 5) PARTITION (n = 6, k = 'y') WITH ('a' = 'b');
ALTER TABLE p DROP PARTITION (k = 'x', n = 5);
ALTER TABLE p DROP IF EXISTS PARTITION (k = 'x', n = 5);
SHOW PARTITIONS p;
