-- A negative offset of LAG looks forward, one of LEAD back; the offset may be an expression of constants.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE e (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, LAG(v, -1) OVER w AS next_v, LEAD(v, -2) OVER w AS v_before, LAG(id, -3, -id) OVER w AS third, LEAD(v, 1 - 3) OVER w AS computed, LAG(v, CAST(2 AS BIGINT)) OVER w AS wide FROM e WINDOW w AS (PARTITION BY k ORDER BY id);
