-- Variances and deviations of INT over a changelog, cut to INT.
-- compare: changes
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/event_changes.debezium','format'='debezium-json');
SELECT k, STDDEV_POP(v), STDDEV_SAMP(v), VAR_POP(v), VAR_SAMP(v), VARIANCE(v), STDDEV(v) FROM p GROUP BY k;
