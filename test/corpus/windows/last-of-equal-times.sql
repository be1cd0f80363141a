-- The last row of each window: of rows of one event time the one that came last.
CREATE TABLE e (id INT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(id / 7, 0), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, k, window_start FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, k ORDER BY ts DESC) AS rn FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '3' SECOND)
) WHERE rn = 1;
