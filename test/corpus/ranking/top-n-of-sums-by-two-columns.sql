-- The two greatest sums of each sub, ties by key.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT sub, k, s, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY sub ORDER BY s DESC, k) rn FROM (SELECT sub, k, SUM(v) s FROM b GROUP BY sub, k)) WHERE rn <= 2;
