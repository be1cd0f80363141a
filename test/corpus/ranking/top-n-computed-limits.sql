-- How many rows is said by an expression of constants.
CREATE TABLE e (id INT, k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/events.jsonl', 'format' = 'json');
CREATE VIEW r AS SELECT id, k, v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, id) AS rn FROM e;
SELECT 'abs' AS how, id, rn FROM r WHERE rn <= ABS(-2)
UNION ALL SELECT 'length', id, rn FROM r WHERE CHAR_LENGTH('abc') >= rn
UNION ALL SELECT 'month', id, rn FROM r WHERE rn < EXTRACT(MONTH FROM DATE '2024-03-01')
UNION ALL SELECT 'division', id, rn FROM r WHERE rn <= 5 / 2
UNION ALL SELECT 'product', id, rn FROM r WHERE rn = 2 * 1
UNION ALL SELECT 'floor', id, rn FROM r WHERE rn <= FLOOR(2.5)
UNION ALL SELECT 'case', id, rn FROM r WHERE rn <= CASE WHEN TRUE THEN 2 ELSE 3 END
UNION ALL SELECT 'coalesce', id, rn FROM r WHERE rn BETWEEN 2 AND COALESCE(3, 4)
UNION ALL SELECT 'cast', id, rn FROM r WHERE rn <= CAST('2' AS BIGINT)
UNION ALL SELECT 'text', id, rn FROM r WHERE rn <= '2'
UNION ALL SELECT 'days', id, rn FROM r WHERE rn <= TIMESTAMPDIFF(DAY, DATE '2024-01-01', DATE '2024-01-03');
