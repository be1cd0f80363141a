-- Top-N by a column that is a key of the aggregate below, over sums that move.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
CREATE VIEW sums AS SELECT n, k, sub, SUM(v) AS total FROM (SELECT *, CASE k WHEN 'a' THEN 2 ELSE CAST(1 AS BIGINT) END AS n FROM e) GROUP BY n, k, sub;
SELECT k, sub, total, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k, n ORDER BY total DESC) AS rn FROM sums) WHERE rn <= n;
