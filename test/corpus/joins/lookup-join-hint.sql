-- A hint says how a table is asked.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE d (k STRING, name STRING, n INT, loud AS UPPER(name)) WITH ('connector'='filesystem','path'='${DATA}/names.csv','format'='csv');
SELECT /*+ LOOKUP('table' = 'd', 'async' = 'true', 'output-mode' = 'allow_unordered', 'capacity' = '3', 'timeout' = '10 s', 'shuffle' = 'true') */ e.id, d.n FROM e JOIN d FOR SYSTEM_TIME AS OF e.pt ON d.k = e.k AND d.n = e.sub WHERE e.id < 30;
