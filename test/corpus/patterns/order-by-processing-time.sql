-- Rows in the order of their arrival.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), ltz TIMESTAMP_LTZ(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT * FROM (SELECT id, k, v, pt FROM e) MATCH_RECOGNIZE (PARTITION BY k ORDER BY pt MEASURES FIRST(a.id) AS a, b.id AS b AFTER MATCH SKIP PAST LAST ROW PATTERN (a+ b) DEFINE a AS a.v < 20, b AS b.v >= 20);
