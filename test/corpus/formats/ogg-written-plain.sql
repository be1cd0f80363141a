-- Changes in a ogg-json file, as text: an update is a delete and an insert.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE changes (id INT, name STRING, m MAP<STRING, INT>, total DECIMAL(10, 3), ts TIMESTAMP(3))
  WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/ogg-written-plain', 'format' = 'ogg-json');
INSERT OVERWRITE changes SELECT 1, 'x', MAP['n', 1], CAST(1 AS DECIMAL(10, 3)), TIMESTAMP '2024-01-02 03:04:05' FROM (VALUES 1) AS t (a) WHERE a > 1;
SET 'execution.runtime-mode' = 'streaming';
INSERT INTO changes SELECT id, LAST_VALUE(name) AS name, MAP['n', CAST(COUNT(*) AS INT)] AS m, CAST(SUM(v) AS DECIMAL(10, 3)) AS total, TIMESTAMP '2024-01-02 03:04:05.600' AS ts FROM (VALUES (1, 'x', 1.5), (2, CAST(NULL AS STRING), 2.25), (1, '"y"', 100000), (1, 'ü', 0.0000001)) AS t (id, name, v) GROUP BY id;
CREATE TABLE lines (line STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/ogg-written-plain', 'format' = 'raw');
SELECT line FROM lines;
