-- In batch mode the rows of a window aggregate come behind those of the table that they join.
SET 'execution.runtime-mode' = 'batch';
SET 'parallelism.default' = '1';
CREATE TABLE orders (
  id INT, product STRING, buyer STRING, pieces INT, `at` TIMESTAMP(3), WATERMARK FOR `at` AS `at` - INTERVAL '25' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/timed_orders.jsonl', 'format' = 'json');
CREATE VIEW steps AS
SELECT product, `at` AS t, pieces, FALSE AS isSum FROM orders
UNION ALL
SELECT product, window_time, SUM(pieces), TRUE FROM TUMBLE(TABLE orders, DESCRIPTOR(`at`), INTERVAL '1' MINUTE) GROUP BY product, window_start, window_end, window_time;
SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY product ORDER BY t
  MEASURES A.pieces AS first_pieces, B.pieces AS all_pieces, B.t AS until
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A C*? B) WITHIN INTERVAL '1' MINUTE
  DEFINE A AS NOT A.isSum, C AS NOT C.isSum, B AS B.isSum
);
