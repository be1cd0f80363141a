-- Two temporal joins in a row, the second one with a condition on the version.
-- compare: fold
CREATE TABLE sales (
  sid INT,
  price DECIMAL(10, 2),
  currency STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_sales.jsonl', 'format' = 'json');
CREATE TABLE rates (
  currency STRING,
  rate DECIMAL(10, 4),
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts,
  PRIMARY KEY (currency) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_rates.jsonl', 'format' = 'json');
CREATE TABLE rates2 LIKE rates;
SELECT s.sid, a.rate, b.rate AS again FROM sales AS s JOIN rates FOR SYSTEM_TIME AS OF s.ts AS a ON s.currency = a.currency LEFT JOIN rates2 FOR SYSTEM_TIME AS OF s.ts AS b ON b.currency = a.currency AND b.rate > 1.09;
