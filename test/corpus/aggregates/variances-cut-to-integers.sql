-- Variances of INT: a row that moves them is told again, also where the cut number is the same.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, STDDEV_POP(v), VAR_SAMP(sub) FROM b GROUP BY k;
