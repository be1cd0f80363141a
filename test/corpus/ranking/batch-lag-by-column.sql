-- LAG and LEAD as far as a column says, in either direction: Flink plans it and cannot send the plan to its workers.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, LAG(id, id - 3) OVER w AS earlier, LEAD(id, 3 - id, 0) OVER w AS mirrored, LEAD(id, NULLIF(id, 4) - 5) OVER w AS later FROM e WHERE id BETWEEN 2 AND 6 WINDOW w AS (ORDER BY id);
