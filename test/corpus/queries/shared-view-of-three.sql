-- A view with an aggregate, read by three inputs of one union, filtered differently.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DECIMAL(8, 2), ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE VIEW t AS SELECT k, sub, COUNT(*) AS n, SUM(v) AS total FROM e GROUP BY k, sub;
SELECT 'small' AS size, k, n FROM t WHERE n < 3 UNION ALL SELECT 'large', k, n FROM t WHERE n >= 3 UNION ALL SELECT 'all', k, SUM(n) FROM t GROUP BY k;
