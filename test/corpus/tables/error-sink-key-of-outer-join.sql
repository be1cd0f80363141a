-- COALESCE is not NULL where its first argument is, so the outer join stays one, and the padded rows have no key.
CREATE TABLE sales (sid INT, buyer INT, city STRING, amount INT, PRIMARY KEY (sid) NOT ENFORCED)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/sales_changes.debezium', 'format' = 'debezium-json');
CREATE TABLE buyers (id INT, name STRING, city STRING, score INT)
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/buyers.jsonl', 'format' = 'json');
CREATE TABLE target (k INT, n BIGINT, m INT, PRIMARY KEY (k) NOT ENFORCED)
  WITH ('connector' = 'blackhole');
CREATE VIEW a AS SELECT buyer AS k, COUNT(*) AS n FROM sales GROUP BY buyer;
CREATE VIEW b AS SELECT id AS k, MAX(score) AS m FROM buyers GROUP BY id;
INSERT INTO target SELECT b.k, a.n, b.m FROM a LEFT JOIN b ON a.k = b.k WHERE COALESCE(b.m, 1) > 0;
SELECT 'unreached' AS answer;
