-- PERCENTILE of DECIMAL, BIGINT and FLOAT.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT PERCENTILE(CAST(price AS DECIMAL(10,2)), 0.25), PERCENTILE(CAST(v AS BIGINT), 1), PERCENTILE(CAST(v AS FLOAT), 0) FROM b;
