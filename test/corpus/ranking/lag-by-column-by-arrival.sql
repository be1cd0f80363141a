-- LAG by processing time as far back as an expression says.
CREATE TABLE e (id INT, k STRING, v INT, pt AS PROCTIME()) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
CREATE VIEW d AS SELECT *, CHAR_LENGTH(COALESCE(k, 'no')) AS n FROM e;
SELECT id, k, LAG(v, n + 1) OVER (PARTITION BY k ORDER BY pt) AS earlier FROM d;
