-- JSON_ARRAYAGG with an order, of all rows and of none.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT 'all' AS which, JSON_ARRAYAGG(v ORDER BY id) AS vs FROM e WHERE id < 20
UNION ALL SELECT 'none', JSON_ARRAYAGG(v ORDER BY k DESC) FROM e WHERE id < 0;
