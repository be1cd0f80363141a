-- A temporal LEFT JOIN with a condition on both sides.
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
SELECT s.sid, r.rate FROM sales AS s LEFT JOIN rates FOR SYSTEM_TIME AS OF s.ts AS r ON s.currency = r.currency AND s.price > r.rate * 10;
