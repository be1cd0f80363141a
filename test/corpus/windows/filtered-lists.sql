-- LISTAGG and COUNT with FILTER in windows.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT window_start, COUNT(*) FILTER (WHERE v > 20), LISTAGG(k, '-') FILTER (WHERE ok) FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '5' MINUTE) GROUP BY window_start, window_end;
