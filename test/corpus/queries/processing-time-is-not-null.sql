-- PROCTIME() is never NULL and its year is this one or a later one.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, pt IS NULL AS n, EXTRACT(YEAR FROM pt) >= 2024 AS y FROM e WHERE id < 4;
