-- The values of one argument in windows over a changelog.
-- compare: fold
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT k, window_start, COUNT(DISTINCT v), COUNT(DISTINCT v) FILTER (WHERE id > 10), SUM(DISTINCT v) FILTER (WHERE id < 40), SUM(DISTINCT v) FROM HOP(TABLE p, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '3' MINUTE) GROUP BY k, window_start, window_end;
