-- A NULL has no bytes.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE out_raw (a STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/raw-null-written', 'format' = 'raw');
INSERT OVERWRITE out_raw VALUES 'x', CAST(NULL AS STRING);
SELECT a FROM out_raw;
