-- The old SESSION with start, end and rowtime.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT SESSION_START(ts, INTERVAL '1' MINUTE), SESSION_END(ts, INTERVAL '1' MINUTE), SESSION_ROWTIME(ts, INTERVAL '1' MINUTE), k, COUNT(*), MAX(v) FROM e GROUP BY SESSION(ts, INTERVAL '1' MINUTE), k;
