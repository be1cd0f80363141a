-- The first rows by event time, as many as a column says: rows that come late count too.
CREATE TABLE e (n BIGINT, id INT, k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
CREATE VIEW sized AS SELECT CASE k WHEN 'a' THEN 2 ELSE CAST(1 AS BIGINT) END AS n, id, k, ts FROM e;
SELECT n, id, k, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) AS rn FROM sized) WHERE rn <= n;
