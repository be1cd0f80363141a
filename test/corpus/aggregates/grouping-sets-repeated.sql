-- Equal grouping sets count as often as they are written; GROUP_ID numbers them.
CREATE TABLE e (id INT, k STRING, sub INT, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT k, GROUP_ID() AS nr, GROUPING_ID(k) AS g, COUNT(*) AS n FROM e WHERE id < 30 GROUP BY GROUPING SETS ((k), (k), ROLLUP(k));
