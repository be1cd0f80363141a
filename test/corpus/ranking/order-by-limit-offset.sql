-- ORDER BY with LIMIT and OFFSET in streaming mode.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT id, v FROM b ORDER BY v DESC LIMIT 3 OFFSET 2;
