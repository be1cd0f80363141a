-- One argument with many filters, each value once for each of them; also of text and of rows that are NULL.
-- compare: changes
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3)) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT k, COUNT(DISTINCT v), COUNT(DISTINCT v) FILTER (WHERE ok), COUNT(DISTINCT v) FILTER (WHERE sub > 1), SUM(DISTINCT v) FILTER (WHERE price > 5), AVG(DISTINCT v), MAX(DISTINCT v) FILTER (WHERE ok), COUNT(DISTINCT price) FILTER (WHERE ok), COUNT(DISTINCT k) FILTER (WHERE v > 3), COUNT(DISTINCT k) FROM e GROUP BY k;
