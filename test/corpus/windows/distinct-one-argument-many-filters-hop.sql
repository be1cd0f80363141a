-- Panes of hopping windows merge the values of one argument that many filters share.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, window_start, window_end, COUNT(DISTINCT v), COUNT(DISTINCT v) FILTER (WHERE ok), COUNT(DISTINCT v) FILTER (WHERE sub > 1), COUNT(DISTINCT sub) FILTER (WHERE price > 5), MIN(DISTINCT v) FROM HOP(TABLE e, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '3' MINUTE) GROUP BY k, window_start, window_end;
