-- The hint OPTIONS of a sink.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE s (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
INSERT INTO s /*+ OPTIONS('path' = '${TMP}/other') */ VALUES (1);
SELECT * FROM s /*+ OPTIONS('path' = '${TMP}/other') */;
