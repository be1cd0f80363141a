-- Variances of DOUBLE, to the last digit.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, STDDEV_POP(price), VAR_SAMP(price) FROM b GROUP BY k;
