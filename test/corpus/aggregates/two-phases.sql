-- Aggregates in two phases, asked for by name; some can be added up, MAX of text cannot and leaves its query in one.
-- compare: fold
SET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE';
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '1 s';
SET 'table.exec.mini-batch.size' = '100';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, sub, COUNT(*), COUNT(v), SUM(v), AVG(v), MIN(v), MAX(v), SUM(CAST(v AS DECIMAL(20, 3))), AVG(CAST(v AS DECIMAL(20, 3))), MIN(price), MAX(ts), COUNT(*) FILTER (WHERE ok), SUM(v) FILTER (WHERE price > 5), MAX(CAST(v AS DECIMAL(30, 2))), MIN(CAST(v AS TINYINT)), MAX(ok) FROM e GROUP BY k, sub
UNION ALL
SELECT k, 0, COUNT(*), 0, 0, 0, 0, MAX(id), 0, 0, 0, MAX(ts), 0, 0, 0, CAST(0 AS TINYINT), TRUE FROM e GROUP BY k;
