-- Windows of processing time are not joined.
CREATE TABLE e (id INT, k STRING, pt AS PROCTIME()) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE VIEW w AS SELECT * FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(pt), INTERVAL '1' DAY));
SELECT a.id, b.k FROM w AS a JOIN w AS b ON a.id = b.id AND a.window_start = b.window_start AND a.window_end = b.window_end;
