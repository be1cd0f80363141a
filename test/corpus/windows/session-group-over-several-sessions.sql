-- A group that leaves out a key of its sessions is a plain aggregate.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT window_start, window_end, k, COUNT(*) FROM SESSION(TABLE e PARTITION BY (k, sub), DESCRIPTOR(ts), INTERVAL '2' MINUTE) GROUP BY window_start, window_end, k;
