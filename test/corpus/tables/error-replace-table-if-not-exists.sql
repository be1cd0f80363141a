-- CREATE OR REPLACE knows no IF NOT EXISTS.
CREATE OR REPLACE TABLE IF NOT EXISTS t WITH ('connector' = 'filesystem', 'path' = '${TMP}/t', 'format' = 'json') AS SELECT 1 AS a;
