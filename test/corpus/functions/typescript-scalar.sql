-- Functions in TypeScript beside those that are built in.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TEMPORARY FUNCTION area AS '${DATA}/functions.ts#area' LANGUAGE TYPESCRIPT;
CREATE TEMPORARY FUNCTION shout AS '${DATA}/functions.ts#shout' LANGUAGE TYPESCRIPT;
SELECT id, area(sub, v) AS a, shout(k) AS s FROM e WHERE area(sub, v) > 40 OR v IS NULL;
