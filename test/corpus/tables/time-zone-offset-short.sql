-- GMT+3.
SET 'table.local-time-zone' = 'GMT+3';
SELECT CAST(TO_TIMESTAMP_LTZ(0, 3) AS STRING);
