-- Arrays of arrays have no delimiter of their own in csv.
CREATE TABLE t (a ARRAY<ARRAY<INT>>) WITH ('connector' = 'filesystem', 'path' = '${DATA}/lines.txt', 'format' = 'csv');
SELECT a FROM t;
