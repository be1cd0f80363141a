-- Three windows one above the other.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE VIEW w1 AS SELECT window_time AS rt, COUNT(*) AS n FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '30' SECOND) GROUP BY window_start, window_end, window_time;
CREATE VIEW w2 AS SELECT window_time AS rt, SUM(n) AS n, COUNT(*) AS c FROM TUMBLE(TABLE w1, DESCRIPTOR(rt), INTERVAL '2' MINUTE) GROUP BY window_start, window_end, window_time;
SELECT window_start, SUM(n), SUM(c) FROM TUMBLE(TABLE w2, DESCRIPTOR(rt), INTERVAL '10' MINUTE) GROUP BY window_start, window_end;
