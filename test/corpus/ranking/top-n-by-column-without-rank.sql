-- The rows alone; the first row of each partition says how many, also where it says none.
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
CREATE VIEW sized AS SELECT CAST(MOD(id, 4) AS BIGINT) AS n, id, k, v FROM e;
SELECT n, id, k, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, id) AS rn FROM sized) WHERE n >= rn AND id <> 26;
