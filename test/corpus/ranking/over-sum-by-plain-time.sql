-- A time column without a watermark is a plain value; a value of 0 tells the rows behind it again.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, k, v, SUM(v) OVER (PARTITION BY k ORDER BY ts) AS s FROM b;
