-- The greatest difference to the row before.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, MAX(diff) FROM (SELECT k, v - LAG(v) OVER (PARTITION BY k ORDER BY ts) AS diff FROM e WHERE v IS NOT NULL) GROUP BY k;
