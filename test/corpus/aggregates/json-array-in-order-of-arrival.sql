-- JSON_ARRAYAGG with an order in which the rows come anyway.
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
CREATE VIEW first_ones AS SELECT * FROM e WHERE id <= 20;
SELECT k, JSON_ARRAYAGG(v ORDER BY id) AS vs, JSON_ARRAYAGG(v NULL ON NULL) WITHIN GROUP (ORDER BY id) AS with_nulls FROM first_ones GROUP BY k;
