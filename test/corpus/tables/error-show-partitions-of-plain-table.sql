-- A table without partitions.
CREATE TABLE p (id INT) WITH ('connector' = 'datagen');
SHOW PARTITIONS p;
