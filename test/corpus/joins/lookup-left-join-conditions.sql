-- Keys that are constants or columns, and what else ON asks of both sides.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE d (k STRING, name STRING, n INT, loud AS UPPER(name)) WITH ('connector'='filesystem','path'='${DATA}/names.csv','format'='csv', 'lookup.cache' = 'PARTIAL', 'lookup.partial-cache.max-rows' = '1');
SELECT e.id, e.v, d.name FROM e LEFT JOIN d FOR SYSTEM_TIME AS OF e.pt ON e.k = d.k AND d.n = 2 AND e.v > CHAR_LENGTH(d.loud) + 7;
