-- A filter over COUNT OVER event time.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, k, v, n FROM (SELECT id, k, v, COUNT(*) OVER (PARTITION BY k ORDER BY ts) n FROM e) WHERE n <= 2;
