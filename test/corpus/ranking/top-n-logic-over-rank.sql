-- Conditions whose logic comes to one range of ranks.
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
CREATE VIEW r AS SELECT id, k, v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, id) AS rn FROM e;
SELECT 'is true' AS how, id, rn FROM r WHERE (rn <= 2) IS TRUE
UNION ALL SELECT 'equals true', id, rn FROM r WHERE (rn <= 2) = TRUE
UNION ALL SELECT 'is not true', id, rn FROM r WHERE (rn > 2) IS NOT TRUE
UNION ALL SELECT 'case', id, rn FROM r WHERE CASE WHEN rn <= 2 THEN TRUE END
UNION ALL SELECT 'or equal', id, rn FROM r WHERE rn < 2 OR rn = 2
UNION ALL SELECT 'or more', id, rn FROM r WHERE rn <= 2 OR rn <= 3
UNION ALL SELECT 'symmetric', id, rn FROM r WHERE rn BETWEEN SYMMETRIC 3 AND 2
UNION ALL SELECT 'or false', id, rn FROM r WHERE rn <= 2 OR FALSE
UNION ALL SELECT 'not distinct', id, rn FROM r WHERE rn IS NOT DISTINCT FROM 2
UNION ALL SELECT 'a name', id, rn FROM (SELECT id, rn, CASE WHEN rn <= 2 THEN 'top' ELSE 'rest' END AS x FROM r) WHERE x = 'top';
