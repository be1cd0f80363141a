-- A column of processing time stays one through UNION ALL.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY pt) AS rn FROM (SELECT k, id, pt FROM e WHERE id < 30 UNION ALL SELECT k, id, pt FROM e WHERE id > 1000)) WHERE rn = 1;
