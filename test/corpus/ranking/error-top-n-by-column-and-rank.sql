-- RANK has no Top-N, by a column neither.
CREATE TABLE e (n BIGINT, id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT * FROM (SELECT *, RANK() OVER (PARTITION BY k ORDER BY v DESC) AS rn FROM e) WHERE rn <= n;
