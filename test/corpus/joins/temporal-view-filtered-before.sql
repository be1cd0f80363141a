-- A versioned view whose rows are filtered before the last one is taken.
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
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_rates.jsonl', 'format' = 'json');
CREATE TEMPORARY VIEW versions AS SELECT currency, rate, ts FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY currency ORDER BY ts DESC) AS rn FROM rates WHERE rate IS NOT NULL) WHERE rn = 1;
SELECT s.sid, s.currency, v.rate, s.price * v.rate AS eur FROM sales AS s JOIN versions FOR SYSTEM_TIME AS OF s.ts AS v ON s.currency = v.currency;
