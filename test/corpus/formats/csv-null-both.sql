-- csv.null-literal together with ignore-parse-errors.
-- compare: changes
CREATE TABLE t (a INT, b STRING, c INT)  WITH ('connector'='filesystem','path'='${DATA}/nulls.csv','format'='csv', 'csv.null-literal'='n/a','csv.ignore-parse-errors'='true');
SELECT * FROM t;
