-- Lookups in batch mode.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE d (k STRING, name STRING, n INT, loud AS UPPER(name)) WITH ('connector'='filesystem','path'='${DATA}/names.csv','format'='csv');
SELECT d.name, COUNT(*) AS c FROM e JOIN d FOR SYSTEM_TIME AS OF e.pt ON e.k = d.k GROUP BY d.name;
