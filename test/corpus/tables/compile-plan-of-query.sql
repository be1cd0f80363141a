-- A plan with windows over a file, which runs without its table.
CREATE TABLE orders (id INT, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '5' SECOND) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE TABLE s (buyer STRING, w TIMESTAMP(3), total BIGINT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/s', 'format' = 'json');
COMPILE PLAN '${TMP}/plan.json' FOR INSERT INTO s SELECT buyer, window_start, SUM(pieces) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(`at`), INTERVAL '1' MINUTE)) GROUP BY buyer, window_start, window_end;
DROP TABLE orders;
EXECUTE PLAN '${TMP}/plan.json';
SELECT * FROM s;
