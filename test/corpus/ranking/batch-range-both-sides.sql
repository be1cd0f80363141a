-- A RANGE to both sides in batch mode.
-- compare: changes
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, SUM(v) OVER (PARTITION BY k ORDER BY id RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING), COUNT(*) OVER (ORDER BY sub) FROM b;
