-- Arrays and rows in csv.
-- compare: changes
CREATE TABLE t (a INT, b ARRAY<INT>, c ROW<x INT, y STRING>)  WITH ('connector'='filesystem','path'='${DATA}/nested.csv','format'='csv');
SELECT * FROM t;
