-- An offset that falls and grows again: Flink has forgotten the rows by then.
CREATE TABLE e (id INT, k STRING, v INT, pt AS PROCTIME()) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, LAG(id, MOD(id * 2, 5), -1) OVER (ORDER BY pt) AS earlier FROM e WHERE id <= 9;
