-- Those with the best score of their city, by a correlated subquery over the same table.
-- compare: fold
SET 'parallelism.default' = '1';
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
SELECT id, city FROM buyers AS b WHERE score = (SELECT MAX(score) FROM buyers AS o WHERE o.city = b.city);
