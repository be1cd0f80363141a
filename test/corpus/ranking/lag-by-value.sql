-- LAG in the order of plain values, of rows that come in that order.
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT id, k, LAG(id) OVER w AS a, LAG(id, 2, -id) OVER w AS b, LAG(id, CHAR_LENGTH(COALESCE(k, CAST(1 AS STRING))) + 1) OVER w AS c FROM e WINDOW w AS (PARTITION BY k ORDER BY id);
