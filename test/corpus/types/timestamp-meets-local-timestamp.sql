-- TIMESTAMP compares with TIMESTAMP_LTZ in the zone of the session.
CREATE TABLE t (id INT, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), dw DECIMAL(20, 6), b BOOLEAN, s STRING, s2 VARCHAR(20), c CHAR(2), ts TIMESTAMP(3), ts9 TIMESTAMP(9), da DATE, tm TIME(3), ltz TIMESTAMP_LTZ(3), `by` BYTES) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types_everything.jsonl', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL');
SET 'table.local-time-zone' = 'America/New_York';
SELECT id, ts < ltz AS a, ts = ltz AS b_, ltz > ts AS c_, ts <> ltz AS d_, ts IS DISTINCT FROM ltz AS e, CAST(ltz AS TIMESTAMP(3)) AS f_, CAST(ts AS TIMESTAMP_LTZ(3)) AS g, COALESCE(ts, ltz) AS h FROM t;
