-- Each change is joined by itself.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE d (k STRING, name STRING, n INT, loud AS UPPER(name)) WITH ('connector'='filesystem','path'='${DATA}/names.csv','format'='csv', 'lookup.cache' = 'FULL');
SELECT g.k, g.c, d.name FROM (SELECT k, COUNT(*) AS c, PROCTIME() AS pt FROM e GROUP BY k) AS g LEFT JOIN d FOR SYSTEM_TIME AS OF g.pt AS d ON g.k = d.k AND g.c > 3;
