-- A lookup needs an equality in ON.
CREATE TABLE o (id INT, k STRING, sub INT, v INT, pt AS PROCTIME()) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
CREATE TABLE d (k STRING, name STRING, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT o.id, d.name FROM o JOIN d FOR SYSTEM_TIME AS OF o.pt ON o.k > d.k;
