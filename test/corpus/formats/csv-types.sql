-- csv fields of every type.
-- compare: changes
CREATE TABLE t (a TINYINT, b SMALLINT, c INT, d BIGINT, e FLOAT, f DOUBLE, g DECIMAL(4,2), h TIME, i TIMESTAMP(9), j BYTES, k BOOLEAN)  WITH ('connector'='filesystem','path'='${DATA}/numbers_and_times.csv','format'='csv');
SELECT * FROM t;
