-- The left side of a temporal join may be updated.
-- compare: fold
CREATE TABLE changes (
  product STRING, price INT, since TIMESTAMP(3), WATERMARK FOR since AS since, PRIMARY KEY (product) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_changes.debezium', 'format' = 'debezium-json');
CREATE TABLE prices (
  product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE, PRIMARY KEY (product) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_prices.jsonl', 'format' = 'json');
SELECT c.product, c.price, p.price AS listed FROM changes AS c LEFT JOIN prices FOR SYSTEM_TIME AS OF c.since AS p ON c.product = p.product AND c.product <> 'tea' AND c.product <> 'ink';
