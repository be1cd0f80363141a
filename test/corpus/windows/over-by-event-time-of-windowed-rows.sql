-- Behind a window table function the event time of the rows is still one: OVER goes by it.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, k, window_start, SUM(v) OVER (PARTITION BY k ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' MINUTE);
