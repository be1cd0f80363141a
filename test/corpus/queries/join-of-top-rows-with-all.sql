-- The first rows of a table, grouped, meet all of its rows in one subtask: what is grouped waits for that subtask, which must not wait for it.
-- compare: fold
CREATE TABLE l (
  k INT,
  v STRING
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/queries_left.jsonl', 'format' = 'json');
SELECT q.k, q.v, q.n, l.k, l.v FROM (SELECT k, v, COUNT(*) AS n FROM (SELECT k, v FROM l ORDER BY k, v LIMIT 3) GROUP BY k, v) AS q JOIN l ON q.k < l.k;
