-- require-on-conflict false keeps the last row.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SET 'table.exec.sink.require-on-conflict'='false';
CREATE TABLE s (k STRING, n BIGINT, PRIMARY KEY (n) NOT ENFORCED) WITH ('connector'='blackhole');
INSERT INTO s SELECT k, COUNT(*) FROM b WHERE k IS NOT NULL GROUP BY k;
SELECT 1;
