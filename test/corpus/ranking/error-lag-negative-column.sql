-- An offset that comes out negative ends the job.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' HOUR) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, LAG(v, 3 - id) OVER (PARTITION BY k ORDER BY ts) AS x FROM e;
