-- Deviations of DECIMAL beside variances of DOUBLE.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, STDDEV_SAMP(CAST(v AS DECIMAL(10, 2))), VAR_POP(price) FROM b GROUP BY k;
