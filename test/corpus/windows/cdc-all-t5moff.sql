-- Global TUMBLE windows with an offset over a changelog.
-- compare: changes
CREATE TABLE e (id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT window_start, window_end, COUNT(*) AS n, SUM(v) AS s, COUNT(DISTINCT k), COUNT(v) FILTER (WHERE v > 5) FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '5' MINUTE, INTERVAL '2' MINUTE) GROUP BY window_start, window_end;
