-- The order is an expression with many equal values: equals share their sum.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, k, SUM(v) OVER (PARTITION BY sub ORDER BY CASE WHEN ok THEN 1 ELSE 0 END) AS s FROM b;
