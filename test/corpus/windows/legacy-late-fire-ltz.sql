-- Late rows of windows by an instant.
-- compare: changes
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 ms';
SET 'table.exec.emit.allow-lateness' = '3 min';
SET 'table.local-time-zone' = 'Asia/Kolkata';
CREATE TABLE l (id INT, ltz STRING, t AS TO_TIMESTAMP_LTZ(UNIX_TIMESTAMP(SUBSTRING(ltz, 1, 19)) * 1000 + CAST(SUBSTRING(ltz, 21, 3) AS INT), 3), WATERMARK FOR t AS t) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT TUMBLE_START(t, INTERVAL '2' MINUTE) AS ws, TUMBLE_ROWTIME(t, INTERVAL '2' MINUTE) AS rt, COUNT(*) AS n FROM l GROUP BY TUMBLE(t, INTERVAL '2' MINUTE);
