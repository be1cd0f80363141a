-- Rows of a function in TypeScript, with LATERAL TABLE.
CREATE TABLE e (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TEMPORARY FUNCTION divisors AS '${DATA}/functions.ts#divisors' LANGUAGE TYPESCRIPT;
SELECT e.id, d.divisor, d.o FROM e, LATERAL TABLE(divisors(v)) AS d (divisor, o) WHERE d.divisor > 1 AND e.id < 20;
