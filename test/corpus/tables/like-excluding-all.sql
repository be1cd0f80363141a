-- EXCLUDING ALL leaves the physical columns.
CREATE TABLE base (a INT, b STRING, ts TIMESTAMP(3), c AS a * 2, f STRING METADATA FROM 'file.path' VIRTUAL, WATERMARK FOR ts AS ts, PRIMARY KEY (a) NOT ENFORCED) COMMENT 'base' WITH ('connector' = 'filesystem', 'path' = '/tmp/base', 'format' = 'json');
CREATE TABLE t (z INT) WITH ('connector' = 'datagen') LIKE base (EXCLUDING ALL);
SHOW CREATE TABLE t;
