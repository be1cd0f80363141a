-- The keys of JSON_OBJECTAGG stand in the order of their texts, in whichever order they come.
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
SELECT k, JSON_OBJECTAGG(KEY CAST(id AS STRING) VALUE v NULL ON NULL) AS a, JSON_OBJECTAGG(KEY 'ä"' || CAST(100 - id AS STRING) VALUE JSON_OBJECT(KEY 'y' VALUE v, KEY 'B' VALUE id) ABSENT ON NULL) AS b
FROM e WHERE id < 20 GROUP BY k;
