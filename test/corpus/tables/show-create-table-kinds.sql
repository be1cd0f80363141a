-- SHOW CREATE TABLE with every kind of column.
-- compare: changes
CREATE TABLE t (id BIGINT NOT NULL COMMENT 'the id', name STRING, ts TIMESTAMP(3), sz BIGINT METADATA FROM 'file.size' VIRTUAL COMMENT 'how big', p STRING NOT NULL METADATA FROM 'file.path', `file.name` STRING NOT NULL METADATA VIRTUAL, up AS UPPER(name) || 'x' COMMENT 'computed', e AS CAST(ts AS TIMESTAMP(3)), pt AS PROCTIME(), c2 AS CASE WHEN id > 3 THEN id * 2 ELSE NULL END, arr AS ARRAY[id, id], WATERMARK FOR e AS e - INTERVAL '1' MINUTE, PRIMARY KEY (id) NOT ENFORCED) COMMENT 'all kinds' PARTITIONED BY (name) WITH ('connector' = 'filesystem', 'path' = '/nowhere', 'format' = 'json');
SHOW CREATE TABLE t;
