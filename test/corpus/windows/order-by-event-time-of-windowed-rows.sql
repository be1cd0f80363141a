-- Behind a window table function the event time of the rows is still one: rows are sorted by it.
-- compare: sequence
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, ts, window_end FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' MINUTE) ORDER BY ts;
