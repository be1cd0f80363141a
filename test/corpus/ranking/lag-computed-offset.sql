-- The offset is an expression of constants.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' HOUR) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, LAG(v, 1 + 1) OVER w AS x, LAG(v, CHAR_LENGTH('abc'), 0) OVER w AS y, LAG(v, 5 - 5) OVER w AS z FROM e WHERE k = 'a' AND v IS NOT NULL WINDOW w AS (PARTITION BY k ORDER BY ts);
