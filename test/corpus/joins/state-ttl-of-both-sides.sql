-- STATE_TTL for both sides of a join.
-- compare: changes
CREATE TABLE b (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT /*+ STATE_TTL('x' = '1 d', 'y' = '2 h') */ x.id, y.v FROM b x JOIN b y ON x.id = y.sub WHERE x.id < 4;
