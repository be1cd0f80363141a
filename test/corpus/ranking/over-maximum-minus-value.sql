-- A result of OVER in an expression.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, v, MAX(v) OVER (PARTITION BY sub ORDER BY ts ROWS BETWEEN 4 PRECEDING AND CURRENT ROW) - v AS gap FROM e;
