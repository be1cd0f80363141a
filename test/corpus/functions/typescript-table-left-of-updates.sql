-- Rows of a function for rows that are updated; those without any stay.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TEMPORARY FUNCTION divisors AS '${DATA}/functions.ts#divisors' LANGUAGE TYPESCRIPT;
CREATE TEMPORARY FUNCTION shout AS '${DATA}/functions.ts#shout' LANGUAGE TYPESCRIPT;
SELECT g.k, shout(g.k) AS s, g.c, d.divisor FROM (SELECT k, COUNT(*) - 1 AS c FROM e WHERE id < 30 GROUP BY k) AS g LEFT JOIN LATERAL TABLE(divisors(CAST(c AS INT))) AS d ON TRUE;
