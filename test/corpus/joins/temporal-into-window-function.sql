-- A temporal join as the input of a window table function.
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
SELECT window_start, window_end, currency, SUM(usd) AS usd FROM TUMBLE((SELECT s.ts, s.currency, s.price * r.rate AS usd FROM sales AS s JOIN rates FOR SYSTEM_TIME AS OF s.ts AS r ON s.currency = r.currency), DESCRIPTOR(ts), INTERVAL '30' MINUTE) GROUP BY window_start, window_end, currency;
