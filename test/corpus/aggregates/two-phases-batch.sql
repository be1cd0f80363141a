-- Aggregates in two phases in batch mode, joined with their own table.
-- compare: fold
SET 'execution.runtime-mode' = 'batch';
SET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT a.k, a.n, a.s, b.m FROM (SELECT k, COUNT(*) AS n, SUM(v) AS s FROM e GROUP BY k) AS a JOIN (SELECT k, MAX(id) AS m FROM e WHERE ok GROUP BY k) AS b ON a.k = b.k;
