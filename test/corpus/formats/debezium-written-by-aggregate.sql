-- A change log written holds every change.
-- compare: changes
CREATE TABLE src (id INT, n STRING, q INT) WITH ('connector'='filesystem','path'='${DATA}/stock.debezium','format'='debezium-json');
CREATE TABLE sink (n STRING, c BIGINT) WITH ('connector'='filesystem','path'='${TMP}/o','format'='debezium-json');
INSERT INTO sink SELECT n, COUNT(*) FROM src GROUP BY n;
CREATE TABLE back (l STRING) WITH ('connector'='filesystem','path'='${TMP}/o','format'='raw');
SELECT * FROM back;
