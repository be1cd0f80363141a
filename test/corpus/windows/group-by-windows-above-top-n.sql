-- Top-N that is not within windows goes on changing its rows when their window has passed, so GROUP BY both bounds above it is a plain aggregate.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE VIEW w AS SELECT k, window_start AS ws, window_end AS we, COUNT(*) AS n, MAX(id) AS last_id FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '2' MINUTE) GROUP BY k, window_start, window_end;
CREATE VIEW best AS SELECT k, ws, we, n FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ws DESC, last_id DESC) AS rn FROM w) WHERE rn <= 2;
SELECT ws, we, COUNT(*) AS c, SUM(n) AS s FROM best GROUP BY ws, we;
