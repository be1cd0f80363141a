-- Rows of one time share the offset and the default of the last of them.
CREATE TABLE e (id INT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(id / 4, 0), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, LAG(id, 9, -id) OVER w AS a, LAG(id, 2 + MOD(id, 4), -id) OVER w AS b FROM e WHERE id <= 20 WINDOW w AS (ORDER BY ts);
