-- SHOW CREATE TABLE writes out defaults of JSON functions.
-- compare: changes
CREATE TABLE t (a INT, b BIGINT, s STRING, d DATE, ts TIMESTAMP(3), arr ARRAY<INT>, r ROW<x INT>, bl BOOLEAN, c AS JSON_OBJECT(KEY 'k' VALUE s, 'j' VALUE JSON_OBJECT('x' VALUE 1))) WITH ('connector' = 'datagen');
SHOW CREATE TABLE t;
