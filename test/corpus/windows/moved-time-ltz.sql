-- A moved TIMESTAMP_LTZ.
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE clicks (
  uid STRING, page STRING, dur INT, ms BIGINT, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/windows_clicks.jsonl', 'format' = 'json');
SELECT TUMBLE_START(t, INTERVAL '1' MINUTE) AS ws, TUMBLE_ROWTIME(t, INTERVAL '1' MINUTE) AS wt, COUNT(*) AS n FROM (SELECT ts + INTERVAL '1' HOUR AS t FROM clicks) GROUP BY TUMBLE(t, INTERVAL '1' MINUTE);
