-- PLAN_ADVICE is for streaming mode.
SET 'execution.runtime-mode' = 'batch';
EXPLAIN PLAN_ADVICE SELECT 1;
