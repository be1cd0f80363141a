-- A plan with an aggregate over a file.
CREATE TABLE orders (oid INT, region STRING, amount DECIMAL(10, 2), ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'filesystem', 'path' = '${DATA}/joins_orders.jsonl', 'format' = 'json');
CREATE TABLE s (region STRING, w TIMESTAMP(3), total DECIMAL(38, 2)) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
COMPILE PLAN '${TMP}/plan.json' FOR INSERT INTO s SELECT region, window_start, SUM(amount) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY region, window_start, window_end;
DROP TABLE orders;
EXECUTE PLAN '${TMP}/plan.json';
SELECT * FROM s;
