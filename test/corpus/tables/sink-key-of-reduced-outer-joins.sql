-- A WHERE that drops what outer joins pad makes them inner, and their columns the keys of a sink.
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE target (k INT, n BIGINT, m INT, PRIMARY KEY (k) NOT ENFORCED)
  WITH ('connector' = 'blackhole');
CREATE VIEW a AS SELECT buyer AS k, COUNT(*) AS n FROM sales GROUP BY buyer;
CREATE VIEW b AS SELECT id AS k, MAX(score) AS m, MAX(name) AS name FROM buyers GROUP BY id;
CREATE VIEW both_sides AS SELECT a.k, a.n, b.k AS bk, b.m FROM a RIGHT JOIN b ON a.k = b.k;
INSERT INTO target SELECT b.k, a.n, b.m FROM a LEFT JOIN b ON a.k = b.k WHERE b.k IS NOT NULL;
INSERT INTO target SELECT b.k, a.n, b.m FROM a LEFT JOIN b ON a.k = b.k WHERE (b.m > 0) IS TRUE;
INSERT INTO target SELECT b.k, a.n, b.m FROM a FULL JOIN b ON a.k = b.k WHERE a.n + b.m > 0;
INSERT INTO target SELECT b.k, a.n, b.m FROM a LEFT JOIN b ON a.k = b.k WHERE CASE WHEN b.m > 0 THEN TRUE ELSE FALSE END;
INSERT INTO target SELECT k, n, m FROM both_sides WHERE k > 0;
SELECT 'each INSERT was planned' AS answer;
