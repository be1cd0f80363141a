-- LAG in the order of plain values, of rows that come in any order: Flink cannot compare what it kept of them.
-- compare: fold
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, v, LAG(id) OVER w AS a, LAG(v, 2, -id) OVER w AS b FROM e WHERE id <= 6 WINDOW w AS (ORDER BY v);
