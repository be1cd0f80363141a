-- ARRAY_AGG with an order of its own in batch mode, with a filter and an expression: Flink reads ORDER BY and forgets it.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT k, ARRAY_AGG(v ORDER BY v DESC NULLS LAST) AS vs, CARDINALITY(ARRAY_AGG(v + id ORDER BY id DESC) FILTER (WHERE v > 20)) AS n,
  ARRAY_AGG(id ORDER BY MOD(v, 5), v DESC)[1] AS first_id FROM e GROUP BY k HAVING ARRAY_AGG(v ORDER BY id)[1] > 9;
