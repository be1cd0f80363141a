-- Windows joined with the greatest of their groups: the groups are made once.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DECIMAL(8, 2), ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE VIEW w AS SELECT k, window_start AS s, window_end AS f, COUNT(*) AS n FROM TABLE(HOP(TABLE e, DESCRIPTOR(ts), INTERVAL '20' SECOND, INTERVAL '1' MINUTE)) GROUP BY k, window_start, window_end;
SELECT a.s, a.f, a.k, a.n FROM w a JOIN (SELECT MAX(n) AS most, s, f FROM w GROUP BY s, f) b ON a.s = b.s AND a.f = b.f AND a.n >= b.most;
