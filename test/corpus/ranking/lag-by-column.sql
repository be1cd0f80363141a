-- LAG as far back as a column says, one number for each key.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' HOUR) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
CREATE VIEW d AS SELECT id, k, v, ts, CASE k WHEN 'a' THEN 1 WHEN 'b' THEN 2 ELSE 0 END AS n FROM e;
SELECT id, k, v, n, LAG(v, n) OVER w AS earlier, LAG(id, n, -id) OVER w AS earlier_id FROM d WINDOW w AS (PARTITION BY k ORDER BY ts);
