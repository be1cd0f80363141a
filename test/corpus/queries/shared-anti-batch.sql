-- Keys of a table that an aggregate of it does not have, in batch mode.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DECIMAL(8, 2), ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SET 'execution.runtime-mode' = 'batch';
SELECT id, k FROM e WHERE sub NOT IN (SELECT sub FROM e WHERE sub IS NOT NULL GROUP BY sub HAVING COUNT(*) > 20);
