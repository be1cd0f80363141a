-- Abbreviations are no zones.
SET 'table.local-time-zone' = 'EST';
SELECT CAST(TO_TIMESTAMP_LTZ(0, 3) AS STRING);
