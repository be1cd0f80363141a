-- An option that the format does not have is ignored.
CREATE TABLE t (a STRING) WITH ('connector' = 'filesystem', 'path' = '${DATA}/lines.txt', 'format' = 'csv', 'csv.ignore-parse-error' = 'true', 'csv.field-delimiter' = '|');
SELECT COUNT(*) AS n FROM t;
