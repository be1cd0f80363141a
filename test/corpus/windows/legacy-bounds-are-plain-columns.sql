-- The bounds of a window of the old kind make no window of the aggregate above it.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT a, b, COUNT(*) AS n FROM (SELECT TUMBLE_START(ts, INTERVAL '2' MINUTE) AS a, TUMBLE_END(ts, INTERVAL '2' MINUTE) AS b, k FROM e GROUP BY TUMBLE(ts, INTERVAL '2' MINUTE), k) GROUP BY a, b;
