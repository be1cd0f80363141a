-- What cannot be read of an ogg log is left out.
CREATE TABLE t (id INT, n STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/broken.ogg', 'format' = 'ogg-json', 'ogg-json.ignore-parse-errors' = 'true');
SELECT id, n FROM t;
