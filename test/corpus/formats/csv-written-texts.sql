-- Which texts csv quotes when writing.
-- compare: changes
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE sink (s STRING)  WITH ('connector'='filesystem','path'='${TMP}/o','format'='csv');
INSERT INTO sink VALUES ('plain'), ('with space'), (' lead'), ('tab	x'), ('a;b'), ('#c'), ('ünï'), ('-'), ('1.5'), ('a=b'), ('(p)'), ('x:y'), ('2024-01-01'), ('a.b'), ('_'), ('a/b'), ('a''b'), ('!'), ('%');
CREATE TABLE back (l STRING) WITH ('connector'='filesystem','path'='${TMP}/o','format'='raw');
SELECT * FROM back;
