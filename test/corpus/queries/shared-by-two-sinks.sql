-- A view that a statement set reads for three tables: for its rows, for an aggregate, and for a part of its columns.
-- compare: fold
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DECIMAL(8, 2), ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE VIEW big AS SELECT id, k, v, price, ts FROM e WHERE v > 30;
CREATE TABLE kept (id INT, k STRING) WITH ('connector'='filesystem','path'='${TMP}/kept','format'='json');
CREATE TABLE minutes (s TIMESTAMP(3), n BIGINT, total INT) WITH ('connector'='filesystem','path'='${TMP}/minutes','format'='json');
CREATE TABLE prices (id INT, price DECIMAL(8, 2)) WITH ('connector'='filesystem','path'='${TMP}/prices','format'='json');
EXECUTE STATEMENT SET BEGIN
INSERT OVERWRITE kept SELECT id, k FROM big;
INSERT OVERWRITE minutes SELECT window_start, COUNT(*), SUM(v) FROM TABLE(TUMBLE(TABLE big, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
INSERT OVERWRITE prices SELECT id, price FROM e WHERE price < 50;
END;
SELECT 'kept' AS t, CAST(id AS STRING) AS a, k AS b FROM kept UNION ALL SELECT 'windows', CAST(s AS STRING), CAST(n AS STRING) FROM minutes UNION ALL SELECT 'prices', CAST(id AS STRING), CAST(price AS STRING) FROM prices;
