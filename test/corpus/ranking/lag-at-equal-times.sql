-- LAG counts back from the last of the rows of one time.
CREATE TABLE e (id INT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(id / 4, 0), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, k, LAG(id) OVER w AS a, LAG(id, 2) OVER w AS b, LAG(id, 3, -1) OVER w AS c, LAG(id, 0) OVER w AS d, SUM(id) OVER w AS s
FROM e WINDOW w AS (PARTITION BY MOD(v, 2) ORDER BY ts);
