-- PERCENTILE with DISTINCT and FILTER.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, PERCENTILE(DISTINCT v, 0.5), PERCENTILE(v, 0.5) FILTER (WHERE id > 30) FROM b GROUP BY k;
