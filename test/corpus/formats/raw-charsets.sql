-- Text in other charsets: characters that a charset does not have become question marks.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE latin (s STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/raw-charsets/latin', 'format' = 'raw', 'raw.charset' = 'ISO-8859-1');
CREATE TABLE latin_bytes (b BYTES) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/raw-charsets/latin', 'format' = 'raw');
CREATE TABLE gbk (s STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/raw-charsets/gbk', 'format' = 'raw', 'raw.charset' = 'GBK');
CREATE TABLE gbk_bytes (b BYTES) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/raw-charsets/gbk', 'format' = 'raw');
CREATE TABLE windows (s STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/raw-charsets/windows', 'format' = 'raw', 'raw.charset' = 'windows-1252');
CREATE TABLE windows_bytes (b BYTES) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/raw-charsets/windows', 'format' = 'raw');
CREATE TABLE wide_bytes (b BYTES) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/raw-charsets/wide', 'format' = 'raw');
CREATE TABLE wide (s STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/raw-charsets/wide', 'format' = 'raw', 'raw.charset' = 'UTF-16');
INSERT OVERWRITE latin VALUES 'äöü', '€';
INSERT OVERWRITE gbk VALUES '中文', 'a€b';
INSERT OVERWRITE windows VALUES '€ä', '中';
INSERT OVERWRITE wide VALUES 'äb';
SELECT 'latin' AS charset, s, CAST(NULL AS BYTES) AS b FROM latin UNION ALL SELECT 'latin', CAST(NULL AS STRING), b FROM latin_bytes
UNION ALL SELECT 'gbk', s, CAST(NULL AS BYTES) FROM gbk UNION ALL SELECT 'gbk', CAST(NULL AS STRING), b FROM gbk_bytes
UNION ALL SELECT 'windows', s, CAST(NULL AS BYTES) FROM windows UNION ALL SELECT 'windows', CAST(NULL AS STRING), b FROM windows_bytes
UNION ALL SELECT 'wide', CAST(NULL AS STRING), b FROM wide_bytes;
