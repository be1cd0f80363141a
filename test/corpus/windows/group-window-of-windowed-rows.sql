-- Windows of the old kind by the event time of rows that have windows.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT k, TUMBLE_START(ts, INTERVAL '20' SECOND) AS ws, COUNT(*) AS n FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' MINUTE) GROUP BY k, TUMBLE(ts, INTERVAL '20' SECOND);
