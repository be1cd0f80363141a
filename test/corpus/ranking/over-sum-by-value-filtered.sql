-- A filter over sums that change.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT * FROM (SELECT id, k, SUM(v) OVER (PARTITION BY k ORDER BY v) AS s FROM b) WHERE s > 100;
