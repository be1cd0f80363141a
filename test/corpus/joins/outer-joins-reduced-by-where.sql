-- Conditions that NULL does not fulfil reduce outer joins: FULL to LEFT, RIGHT and INNER; others leave them.
-- compare: fold
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE VIEW pairs AS SELECT sid, buyer, amount, id, name, score, s.city AS sold, b.city AS lives FROM sales s FULL JOIN buyers b ON s.buyer = b.id;
CREATE VIEW three AS SELECT p.*, c.name AS neighbour, c.score AS other FROM pairs p LEFT JOIN buyers c ON p.sold = c.city AND p.score < c.score;
SELECT 1 AS q, sid, buyer, id, name FROM pairs WHERE sid > 0
UNION ALL SELECT 2, sid, buyer, id, name FROM pairs WHERE name IS NOT NULL
UNION ALL SELECT 3, sid, buyer, id, name FROM pairs WHERE amount + score > 10
UNION ALL SELECT 4, sid, buyer, id, name FROM pairs WHERE amount > 3 OR score > 3
UNION ALL SELECT 5, sid, buyer, id, name FROM pairs WHERE NOT (amount < 3 AND score IS NULL)
UNION ALL SELECT 6, sid, buyer, id, name FROM pairs WHERE CASE WHEN amount IS NULL THEN score > 5 ELSE amount > 5 END
UNION ALL SELECT 7, sid, other, id, neighbour FROM three WHERE other > 1
UNION ALL SELECT 8, sid, other, id, neighbour FROM three WHERE neighbour <> name
UNION ALL SELECT 9, CAST(COUNT(*) AS INT), MAX(buyer), id, MIN(name) FROM pairs GROUP BY id HAVING id > 2
UNION ALL SELECT 10, sid, buyer, id, name FROM pairs WHERE (score > 5) IS NOT FALSE
UNION ALL SELECT 11, sid, buyer, id, name FROM pairs WHERE (score > 5 AND amount > 2) IS NOT TRUE;
