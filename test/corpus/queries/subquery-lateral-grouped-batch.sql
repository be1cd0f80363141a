-- LATERAL with GROUP BY in batch mode.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, t.n FROM buyers x, LATERAL (SELECT COUNT(*) AS n FROM e WHERE e.sub = x.id GROUP BY e.sub) AS t;
