-- Rows that were looked up for keep their event time.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE d (k STRING, name STRING, n INT, loud AS UPPER(name)) WITH ('connector'='filesystem','path'='${DATA}/names.csv','format'='csv');
CREATE VIEW j AS SELECT e.ts, d.loud, e.v FROM e JOIN d FOR SYSTEM_TIME AS OF e.pt ON e.k = d.k;
SELECT window_start, loud, COUNT(*) AS n, SUM(v) AS s FROM TUMBLE(TABLE j, DESCRIPTOR(ts), INTERVAL '5' MINUTE) GROUP BY window_start, window_end, loud;
