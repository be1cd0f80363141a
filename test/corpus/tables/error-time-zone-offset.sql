-- Offsets begin with GMT.
SET 'table.local-time-zone' = '+03:00';
SELECT CAST(TO_TIMESTAMP_LTZ(0, 3) AS STRING);
