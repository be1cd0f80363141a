-- Messages with their schema beside the payload.
CREATE TABLE t (id INT, n STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/with_schema.debezium', 'format' = 'debezium-json', 'debezium-json.schema-include' = 'true');
SELECT id, n FROM t;
