-- What changes nothing may be computed with the rank: the rank times one, and the like.
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
CREATE VIEW r AS SELECT id, k, v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, id) AS rn FROM e;
SELECT 'times' AS how, id, rn FROM r WHERE rn * 1 <= 3
UNION ALL SELECT 'times, flipped', id, rn FROM r WHERE 1 * rn <= 2
UNION ALL SELECT 'by', id, rn FROM r WHERE 2 >= rn / 1
UNION ALL SELECT 'plus', id, rn FROM r WHERE rn + 0 < 3
UNION ALL SELECT 'minus', id, rn FROM r WHERE rn - 0 = 2
UNION ALL SELECT 'coalesce', id, rn FROM r WHERE COALESCE(rn, 1) <= 2
UNION ALL SELECT 'cast', id, rn FROM r WHERE CAST(rn AS BIGINT) <= 2
UNION ALL SELECT 'named', id, x FROM (SELECT id, rn * 1 AS x FROM r) WHERE x <= 2;
