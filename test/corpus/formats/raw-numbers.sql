-- Numbers as bytes: written in one order of bytes, read in both.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE little (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/raw-numbers', 'format' = 'raw', 'raw.endianness' = 'little-endian');
CREATE TABLE big (a INT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/raw-numbers', 'format' = 'raw');
CREATE TABLE letters (a STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/raw-numbers', 'format' = 'raw');
INSERT OVERWRITE little VALUES 1684234849, 1819043144;
SELECT 'little' AS t, CAST(a AS STRING) AS a FROM little UNION ALL SELECT 'big', CAST(a AS STRING) FROM big UNION ALL SELECT 'letters', a FROM letters;
