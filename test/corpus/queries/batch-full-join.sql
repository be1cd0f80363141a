-- A full join with a condition in batch mode.
-- compare: changes
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT x.id, y.id FROM b x FULL JOIN b y ON x.id = y.sub AND x.ok WHERE x.id < 6 OR y.id < 6;
