-- In batch mode rows that were ranked come at the end, behind the last watermark: GROUP BY both bounds of their windows still has them.
-- compare: fold
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE VIEW w AS SELECT k, window_start AS ws, window_end AS we, COUNT(*) AS n, MAX(id) AS last_id FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '2' MINUTE) GROUP BY k, window_start, window_end;
CREATE VIEW best AS SELECT k, ws, we, n FROM (SELECT *, RANK() OVER (PARTITION BY ws, we ORDER BY n DESC, last_id) AS rn FROM w) WHERE rn <= 2;
SELECT ws, we, COUNT(*) AS c, SUM(n) AS s FROM best GROUP BY ws, we;
