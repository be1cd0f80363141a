-- csv.ignore-parse-errors with bad fields and wrong counts.
-- compare: changes
CREATE TABLE t (a INT, b STRING, c INT)  WITH ('connector'='filesystem','path'='${DATA}/broken.csv','format'='csv', 'csv.ignore-parse-errors'='true');
SELECT * FROM t;
