-- As many rows of each partition as a column says, with their numbers and without.
CREATE TABLE e (n BIGINT, id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
CREATE VIEW sized AS SELECT CASE k WHEN 'a' THEN 2 WHEN 'b' THEN 3 ELSE CAST(1 AS BIGINT) END AS n, id, k, v FROM e;
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, id) AS rn FROM sized) WHERE rn <= n;
