-- An offset that grows by one from row to row.
CREATE TABLE e (id INT, k STRING, v INT, pt AS PROCTIME()) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, LAG(id, id - 3, -1) OVER (ORDER BY pt) AS third FROM e WHERE id BETWEEN 3 AND 8;
