-- ON CONFLICT is for updates.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE s (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector'='blackhole');
INSERT INTO s SELECT k, id FROM b WHERE k IS NOT NULL ON CONFLICT DO DEDUPLICATE;
SELECT 1;
