-- Limits between two ranks, which Flink takes for others: 2.5 for 25.
-- compare: fold
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
CREATE VIEW r AS SELECT id, k, v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, id) AS rn FROM e WHERE id <= 15;
SELECT 'at most' AS how, id, rn FROM r WHERE rn <= 2.5
UNION ALL SELECT 'less', id, rn FROM r WHERE rn < 2.0
UNION ALL SELECT 'more', id, rn FROM r WHERE rn BETWEEN 1.5 AND 3.5;
