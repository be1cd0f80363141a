-- Aggregates of all rows in two phases, and of aggregates, which are taken back and stay in one.
-- compare: fold
SET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE';
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '1 s';
SET 'table.exec.mini-batch.size' = '3';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT 'all' AS who, COUNT(*) AS n, SUM(v) AS s, MAX(id) AS m FROM e
UNION ALL
SELECT 'groups', COUNT(*), CAST(SUM(n) AS INT), CAST(MAX(s) AS INT) FROM (SELECT k, COUNT(*) AS n, SUM(v) AS s FROM e GROUP BY k);
