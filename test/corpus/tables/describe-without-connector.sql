-- DESCRIBE asks nothing of the connector.
CREATE TABLE t (a INT, b AS a * 2, m STRING METADATA FROM 'no-such-key' VIRTUAL, p AS PROCTIME()) WITH ('connector' = 'no-such-connector');
DESCRIBE t;
