-- ROW_NUMBER in the order of processing time: by arrival.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, ROW_NUMBER() OVER (ORDER BY PROCTIME()) FROM b WHERE id < 4;
