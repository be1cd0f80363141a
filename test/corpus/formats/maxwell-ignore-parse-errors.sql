-- What cannot be read of a maxwell log is left out.
CREATE TABLE t (id INT, n STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/broken.maxwell', 'format' = 'maxwell-json', 'maxwell-json.ignore-parse-errors' = 'true');
SELECT id, n FROM t;
