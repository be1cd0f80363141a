-- What cannot be read of a debezium log is left out, fields that do not fit are NULL.
CREATE TABLE t (id INT, n STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/broken.debezium', 'format' = 'debezium-json', 'debezium-json.ignore-parse-errors' = 'true');
SELECT id, n FROM t;
