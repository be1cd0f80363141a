-- Mini-batches want a latency above zero.
-- compare: changes
SET 'table.exec.mini-batch.enabled' = 'true';
SELECT k, COUNT(*) FROM (VALUES ('a', 1)) AS t(k, v) GROUP BY k;
