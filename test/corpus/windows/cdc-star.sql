-- The rows of TUMBLE windows over a changelog.
-- compare: changes
CREATE TABLE e (id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT * FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '2' MINUTE);
