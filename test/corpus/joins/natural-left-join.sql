-- NATURAL LEFT JOIN over two common columns, NULLs among them.
-- compare: fold
CREATE TABLE customers (
  id INT,
  name STRING,
  region STRING,
  tier STRING
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_customers.jsonl', 'format' = 'json');
CREATE VIEW tiers AS SELECT DISTINCT tier, region, 1 AS uno FROM customers WHERE tier IS NOT NULL;
SELECT * FROM customers NATURAL LEFT JOIN tiers;
