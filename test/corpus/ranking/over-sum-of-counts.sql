-- Running sums over a GROUP BY, in the order of its counts.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, n, SUM(n) OVER (ORDER BY n) AS s FROM (SELECT k, COUNT(*) AS n FROM b GROUP BY k);
