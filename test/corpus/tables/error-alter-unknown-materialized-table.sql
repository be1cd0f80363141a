-- The materialized table is not there.
ALTER MATERIALIZED TABLE mt SUSPEND;
