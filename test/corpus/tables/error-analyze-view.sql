-- A view has no statistics.
SET 'execution.runtime-mode' = 'batch';
CREATE VIEW v AS SELECT 1 AS a;
ANALYZE TABLE v COMPUTE STATISTICS;
