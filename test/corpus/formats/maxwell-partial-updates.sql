-- old names only what changed, the key too.
CREATE TABLE t (id INT, n STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/partial_updates.maxwell', 'format' = 'maxwell-json');
SELECT id, n FROM t;
