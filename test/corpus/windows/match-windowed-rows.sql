-- Patterns by the event time of rows that have windows.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT * FROM (SELECT * FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES A.id AS a, B.id AS b PATTERN (A B) DEFINE B AS B.v > A.v);
