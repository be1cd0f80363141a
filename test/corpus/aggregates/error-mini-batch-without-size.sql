-- Mini-batches want a size above zero.
-- compare: changes
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '1 s';
SELECT k, COUNT(*) FROM (VALUES ('a', 1)) AS t(k, v) GROUP BY k;
