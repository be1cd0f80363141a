-- Changes that were written as ogg-json, read again and aggregated: what a query wrote is what another one sees.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE changes (id INT, name STRING, total DECIMAL(10, 3), PRIMARY KEY (id) NOT ENFORCED)
  WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/ogg-read-back', 'format' = 'ogg-json');
INSERT OVERWRITE changes SELECT 1, 'x', CAST(1 AS DECIMAL(10, 3)) FROM (VALUES 1) AS t (a) WHERE a > 1;
SET 'execution.runtime-mode' = 'streaming';
INSERT INTO changes SELECT id, LAST_VALUE(name), CAST(SUM(v) AS DECIMAL(10, 3)) FROM (VALUES (1, 'x', 1.5), (2, CAST(NULL AS STRING), 2.25), (1, 'y', 10)) AS t (id, name, v) GROUP BY id;
SELECT COUNT(*) AS n, SUM(total) AS total, MAX(name) AS name FROM changes;
