-- LISTAGG over frames of rows.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, LISTAGG(k) OVER (PARTITION BY sub ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM e;
