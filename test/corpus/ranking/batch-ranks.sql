-- NTILE, PERCENT_RANK, CUME_DIST, RANK, DENSE_RANK in batch mode.
-- compare: changes
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, NTILE(3) OVER (PARTITION BY k ORDER BY id), PERCENT_RANK() OVER (PARTITION BY k ORDER BY id), CUME_DIST() OVER (PARTITION BY k ORDER BY id), RANK() OVER (PARTITION BY k ORDER BY sub), DENSE_RANK() OVER (PARTITION BY k ORDER BY sub) FROM b;
