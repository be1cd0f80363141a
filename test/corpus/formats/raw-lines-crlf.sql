-- raw lines, with and without a line break at the end.
-- compare: changes
CREATE TABLE t (l STRING)  WITH ('connector'='filesystem','path'='${DATA}/lines.txt','format'='raw');
SELECT * FROM t;
