-- An interval of processing time between tables with event time that the query shows: Flink refuses that; here the join has none, and answers.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT a.id, b.id, a.ts = b.ts FROM e AS a JOIN e AS b ON a.k = b.k AND a.pt BETWEEN b.pt - INTERVAL '1' DAY AND b.pt + INTERVAL '1' DAY WHERE a.id < 8 AND b.id < 8;
