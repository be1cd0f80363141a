-- Mistakes as someone new types them, most of them brought along from another database. Each block is one script; the tables orders and customers are there.

SELECT id amount customer FROM orders
;;
SELECT id,, amount FROM orders
;;
SELECT id amount, customer, FROM orders
;;
SELEC id FROM orders
;;
SELECT id FRM orders
;;
SELECT id orders
;;
SELECT id FROM orders WHERE
;;
SELECT id FROM orders WHERE amount > 5 AND
;;
SELECT id FROM orders WHERE amount => 5
;;
SELECT id FROM orders WHERE amount =< 5
;;
SELECT id FROM orders WHERE amount == 5
;;
SELECT id FROM orders WHERE amount != 5
;;
SELECT id FROM orders WHERE amount = 5 && id = 1
;;
SELECT id FROM orders WHERE amount = 5 || id = 1
;;
SELECT id FROM orders WHERE customer = 'it's'
;;
SELECT id FROM orders WHERE customer = 'it\'s'
;;
SELECT id FROM orders WHERE customer = “ann”
;;
SELECT id FROM orders WHERE customer IN 'ann', 'bob'
;;
SELECT id FROM orders WHERE customer IN ('ann' 'bob')
;;
SELECT id FROM orders WHERE amount BETWEEN 1 , 5
;;
SELECT id FROM orders WHERE customer IS 'ann'
;;
SELECT id FROM orders WHERE customer ILIKE 'A%'
;;
SELECT id FROM orders WHERE customer ~ 'a.*'
;;
SELECT id FROM orders WHERE customer REGEXP 'a.*'
;;
SELECT TOP 5 id FROM orders
;;
SELECT id FROM orders LIMIT 5, 10
;;
SELECT id FROM orders LIMIT 5 OFFSET
;;
SELECT id FROM orders FETCH FIRST 5 ROWS
;;
SELECT id FROM orders WHERE ROWNUM <= 5
;;
SELECT COUNT FROM orders
;;
SELECT COUNT() FROM orders
;;
SELECT COUNT(*), customer FROM orders
;;
SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer WHERE n > 1
;;
SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer HAVING m > 1
;;
SELECT customer, COUNT(*) AS n FROM orders GROUP customer
;;
SELECT customer, amount FROM orders GROUP BY 1
;;
SELECT UPPER(customer) AS name FROM orders WHERE name = 'ANN'
;;
SELECT DISTINCT ON (customer) id FROM orders
;;
SELECT * FROM orders o, customers c ON o.customer = c.name
;;
SELECT * FROM orders JOIN customers
;;
SELECT * FROM orders JOIN customers WHERE orders.customer = customers.name
;;
SELECT * FROM orders LEFT customers ON orders.customer = customers.name
;;
SELECT * FROM orders OUTER JOIN customers ON orders.customer = customers.name
;;
SELECT * FROM orders INNER JOIN customers USING customer
;;
SELECT * FROM orders JOIN customers ON customer = nmae
;;
SELECT id FROM orders AS o WHERE orders.id = 1
;;
SELECT name FROM orders JOIN customers c ON c.name = orders.customer WHERE city = 'Rome' AND id = 1 ORDER BY nam
;;
SELECT o.id FROM orders
;;
SELECT CONCAT(customer, ' ', amount FROM orders
;;
SELECT CONCAT customer, 'x' FROM orders
;;
SELECT SUBSTRING(customer, 1, 2)) FROM orders
;;
SELECT ts - INTERVAL '5 minutes' FROM orders
;;
SELECT ts + 5 FROM orders
;;
SELECT ts - '1 hour' FROM orders
;;
SELECT DATEDIFF('day', ts, NOW()) FROM orders
;;
SELECT EXTRACT('day' FROM ts) FROM orders
;;
SELECT YEAR(customer) FROM orders
;;
SELECT ts AT TIME ZONE 'UTC' FROM orders
;;
SELECT CAST(amount, INT) FROM orders
;;
SELECT CAST(amount AS DECIMAL(10 2)) FROM orders
;;
SELECT CAST(amount AS NUMBER) FROM orders
;;
SELECT amount::int FROM orders
;;
SELECT IF(amount > 5, 'big') FROM orders
;;
SELECT CASE WHEN amount > 5 THEN 'big' ELSE 'small' FROM orders
;;
SELECT CASE amount > 5 THEN 'big' END FROM orders
;;
SELECT customer -> 'name' FROM orders
;;
SELECT [1, 2, 3] FROM orders
;;
SELECT ARRAY(1, 2, 3) FROM orders
;;
SELECT {'a': 1} FROM orders
;;
SELECT customer[0] FROM orders
;;
SELECT customer.name FROM orders
;;
SELECT id FROM orders ORDER amount
;;
SELECT id FROM orders ORDER BY amount DSC
;;
SELECT id FROM orders ORDER BY amount
;;
SELECT ROW_NUMBER() FROM orders
;;
SELECT SUM(amount) OVER customer FROM orders
;;
SELECT SUM(amount) OVER (PARTITION customer ORDER BY ts) FROM orders
;;
SELECT ROW_NUMBER() OVER (PARTITION BY customer) FROM orders
;;
SELECT * EXCEPT (id) FROM orders
;;
SELECT * EXCLUDE (id) FROM orders
;;
SELECT id FROM orders UNION customers
;;
SELECT id FROM orders UNION SELECT id, amount FROM orders
;;
SELECT id FROM orders MINUS SELECT id FROM orders
;;
SELECT id INTO backup FROM orders
;;
SELECT id FROM (SELECT id FROM orders
;;
WITH big (SELECT id FROM orders) SELECT id FROM big
;;
WITH big AS SELECT id FROM orders SELECT id FROM big
;;
SELECT id FROM TUMBLE(orders, ts, INTERVAL '1' MINUTE)
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, ts, INTERVAL '1' MINUTE)) GROUP BY window_start
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL 1 MINUTE)) GROUP BY window_start
;;
SELECT window_start, COUNT(*) FROM TABLE(SESSION(TABLE orders, DESCRIPTOR(ts))) GROUP BY window_start
;;
SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE) FROM orders GROUP BY customer
;;
SELECT window_start, customer FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(customer), INTERVAL '1' MINUTE))
;;
SELECT TUMBLE(ts, INTERVAL '1' MINUTE), COUNT(*) FROM orders GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)
;;
CREATE TABLE IF NOT EXIST t (id INT) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (id INTEGER AUTO_INCREMENT) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (id INT DEFAULT 0) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (id SERIAL) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (id INT NOT NULL PRIMARY KEY) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (id INT, PRIMARY KEY id) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (name VARCHAR(MAX)) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (ts DATETIME) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (ts TIMESTAMP(3) WITH LOCAL TIMEZONE) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (ts TIMESTAMP(3), WATERMARK ts AS ts) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (ts STRING, WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5 SECOND') WITH ('connector' = 'datagen')
;;
CREATE TABLE t (id INT) WITH (connector = 'datagen')
;;
CREATE TABLE t (id INT) WITH ("connector" = "datagen")
;;
CREATE TABLE t (id INT) WITH 'connector' = 'datagen'
;;
CREATE TABLE t (id INT) ('connector' = 'datagen')
;;
CREATE TABLE t (id INT) ENGINE = InnoDB
;;
CREATE TABLE t (id INT) WITH ('connector' = 'datagen',)
;;
CREATE TABLE t (id INT;
;;
CREATE TABLE t id INT WITH ('connector' = 'datagen')
;;
CREATE TABLE t (INT id) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (id INT) WITH ('connector' = 'file', 'path' = 'x'); SELECT * FROM t
;;
CREATE TABLE t (id INT) WITH ('connector' = 'filesystem', 'format' = 'csv'); SELECT * FROM t
;;
CREATE TABLE t (id INT) WITH ('connector' = 'filesystem', 'path' = 'x.csv'); SELECT * FROM t
;;
CREATE TABLE t (id INT) WITH ('connector' = 'filesystem', 'path' = 'nowhere.csv', 'format' = 'csv'); SELECT * FROM t
;;
CREATE TABLE t (id INT) WITH ('connector' = 'filesystem', 'path' = 'x.csv', 'format' = 'cvs'); SELECT * FROM t
;;
CREATE TABLE t (id INT) WITH ('connector' = 'filesystem', 'pth' = 'x.csv', 'format' = 'csv'); SELECT * FROM t
;;
CREATE TABLE t (id INT) WITH ('connector' = 'datagen', 'rows-per-second' = '5/s'); SELECT * FROM t
;;
CREATE TABLE t (id INT) WITH ('connector' = 'mysql'); SELECT * FROM t
;;
CREATE VIEW v (SELECT id FROM orders)
;;
CREATE INDEX i ON orders (id)
;;
CREATE TEMP TABLE t (id INT) WITH ('connector' = 'datagen')
;;
INSERT orders VALUES (1)
;;
INSERT INTO sink VALUES 1, 'a'
;;
INSERT INTO sink (id, nam) VALUES (1, 'a')
;;
INSERT INTO sink VALUES ('a', 1)
;;
INSERT INTO sink VALUES (1)
;;
INSERT INTO sink SELECT * FROM orders
;;
INSERT INTO sink SET id = 1
;;
INSERT INTO TABLE sink VALUES (1, 'a')
;;
UPDATE sink SET name = 'x' WHERE id = 1
;;
DELETE FROM sink
;;
DROP TABLE nothing
;;
DROP orders
;;
ALTER TABLE orders ADD COLUMN x INT, y INT
;;
SHOW TABLE
;;
SHOW COLUMNS orders
;;
DESC TABLE orders
;;
USE DATABASE default_database
;;
SET execution.runtime-mode = batch
;;
SET 'execution.runtime-mode' = batch
;;
SET 'execution.runtime-mode' 'batch'
;;
SET 'execution.runtime-mode' = 'bach'
;;
SET 'table.exec.state.ttl' = '1 fortnight'
;;
EXPLAIN ANALYZE SELECT id FROM orders
;;
BEGIN TRANSACTION
;;
COMMIT
;;
help me
;;
; SELECT id FROM orders WHERE; SELECT 1
;;
CREATE TABLE t (at TIMESTAMP(3)) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (date DATE, time TIME) WITH ('connector' = 'datagen')
;;
CREATE TABLE default (id INT) WITH ('connector' = 'datagen')
;;
SELECT ROW_NUMBER() OVER (ORDER BY ts) a b WHERE id = 1
;;
SELECT id FROM orders WHERE id IN SELECT id FROM sink
;;
SELECT id at FROM orders
;;
INSERT INTO sink VALUES (1, 'a') ON DUPLICATE KEY UPDATE name = 'b'
;;
SELECT id FROM orders o WHERE o.amuont > 5
;;
SELECT a.id, b.id FROM orders a, orders a
;;
SELECT id FROM orders;; SELECT FROM
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(tss), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE ordrs, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBEL(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts))) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), 60)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), '1 minute')) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MONTH)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '0' SECOND)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(DATA => TABLE orders, TIMECOLUMN => DESCRIPTOR(ts), SIZE => INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(DATA => TABLE orders, TIMECOL => DESCRIPTOR(ts), SISE => INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '7' SECOND, INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(CUMULATE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' HOUR, INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(SESSION(TABLE orders PARTITION BY customr, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders PARTITION BY customer, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT window_strat, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT customer, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE customers, DESCRIPTOR(city), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
CREATE TABLE nowm (ts TIMESTAMP(3)) WITH ('connector' = 'datagen', 'number-of-rows' = '1'); SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE nowm, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT COUNT(*) FROM orders GROUP BY TUMBLE(tss, INTERVAL '1' MINUTE)
;;
SELECT COUNT(*) FROM orders GROUP BY TUMBLE(customer, INTERVAL '1' MINUTE)
;;
SELECT COUNT(*) FROM orders GROUP BY HOP(ts, INTERVAL '1' MINUTE)
;;
SELECT TUMBLE_STRAT(ts, INTERVAL '1' MINUTE), COUNT(*) FROM orders GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)
;;
SELECT TUMBLE_START(ts, INTERVAL '2' MINUTE), COUNT(*) FROM orders GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)
;;
SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY custmer ORDER BY ts MEASURES A.id AS aid PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY customer ORDER BY tss MEASURES A.id AS aid PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY customer ORDER BY amount MEASURES A.id AS aid PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY customer MEASURES A.id AS aid PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY customer ORDER BY ts DESC MEASURES A.id AS aid PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.idd AS aid PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES C.id AS aid PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN (A B) WITHIN 5 DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN (A B) WITHIN INTERVAL 'abc' MINUTE DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN (A B) WITHIN '5 MINUTES' DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN (A B) WITHIN INTERVAL '1' MONTH DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN A B DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN (A B+) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN (A* B*) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN (A B{3,1}) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN (A B))
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid AFTER MATCH SKIP TO NEXT PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid AFTER MATCH SKIP TO FIRST C PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid ALL ROWS PER MATCH PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN (A B) DEFINE B AS B.amount)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES PREV(A.id) AS aid PATTERN (A B) DEFINE B AS B.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN (A B) DEFINE B AS B.amount > NEXT(B.amount))
;;
SELECT * FROM customers MATCH_RECOGNIZE (ORDER BY name MEASURES A.city AS c PATTERN (A B) DEFINE B AS B.city = 'x')
;;
SELECT o.id FROM orders o JOIN customers c ON o.customer = c.nme
;;
SELECT o.id FROM orders o JOIN custmers c ON o.customer = c.name
;;
SELECT x.id FROM orders o JOIN customers c ON o.customer = c.name
;;
SELECT o.id FROM orders o JOIN customers c ON o.id = c.name
;;
SELECT o.id FROM orders o JOIN customers c
;;
SELECT o.id FROM orders o JOIN customers c USING (nam)
;;
SELECT o.id FROM orders o JOIN customers FOR SYSTEM_TIME AS OF o.ts c ON o.customer = c.name
;;
SELECT o.id FROM orders o JOIN customers FOR SYSTEM_TIME AS OF o.ts AS c ON o.customer = c.name
;;
SELECT o.id FROM orders o JOIN customers FOR SYSTEM_TIME AS OF o.tss AS c ON o.customer = c.name
;;
SELECT o.id FROM orders o JOIN customers FOR SYSTEM_TIME AS OF o.customer AS c ON o.customer = c.name
;;
SELECT o.id FROM orders o, orders p WHERE o.id = p.id AND o.ts BETWEEN p.ts AND p.ts + 5
;;
SELECT o.id FROM orders o LEFT OUTR JOIN customers c ON o.customer = c.name
;;
SELECT id FROM orders WHERE customer IN (SELECT nme FROM customers)
;;
SELECT id FROM orders WHERE id IN (SELECT name FROM customers)
;;
SELECT id FROM orders WHERE customer NOT IN (SELECT name, city FROM customers)
;;
INSERT INTO sink SELECT id FROM orders
;;
INSERT INTO sink SELECT customer, id FROM orders
;;
CREATE TABLE f (customer STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'csv'); INSERT INTO f SELECT customer, COUNT(*) FROM orders GROUP BY customer
;;
CREATE TABLE f (customer STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json'); INSERT INTO f SELECT o.customer, o.id FROM orders o LEFT JOIN customers c ON o.customer = c.name
;;
CREATE TABLE f (customer STRING, n INT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json'); INSERT INTO f SELECT customer, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY amount DESC) AS rn FROM orders) WHERE rn <= 3
;;
SELECT id, ROW_NUMBER() OVER (PARTITION BY custmer ORDER BY ts) FROM orders
;;
SELECT id, SUM(amount) OVER (PARTITION BY customer) FROM orders
;;
SELECT id, SUM(amount) OVER (PARTITION BY customer ORDER BY ts ROWS BETWEEN 5 FOLLOWING AND CURRENT ROW) FROM orders
;;
SELECT id, SUM(amount) OVER (PARTITION BY customer ORDER BY ts ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM orders
;;
SELECT id, SUM(amount) OVER (PARTITION BY customer ORDER BY ts RANGE BETWEEN 5 PRECEDING AND CURRENT ROW) FROM orders
;;
SELECT id, LAG(amount, 'x') OVER (PARTITION BY customer ORDER BY ts) FROM orders
;;
SELECT id, ROW_NUMBER() OVER (PARTITION BY customer) FROM orders
;;
SELECT id FROM orders QUALIFY ROW_NUMBER() OVER (PARTITION BY customer ORDER BY tss) = 1
;;
SELECT customer, LISTAGG(amount) FROM orders GROUP BY customer
;;
SELECT customer, SUM(customer) FROM orders GROUP BY customer
;;
SELECT customer, COUNT(*) FILTER (amount > 5) FROM orders GROUP BY customer
;;
SELECT customer, COUNT(*) FILTER (WHERE amuont > 5) FROM orders GROUP BY customer
;;
SELECT customer, COUNT(*) FROM orders GROUP BY ROLUP (customer)
;;
SELECT customer, COUNT(*) FROM orders GROUP BY GROUPING SETS (customer, custmer)
;;
SELECT customer, GROUPING(amount) FROM orders GROUP BY ROLLUP (customer)
;;
SELECT customer, COUNT(*) FROM orders HAVING COUNT(*) > 1
;;
SELECT t.x FROM orders CROSS JOIN UNNEST(customer) AS t (x)
;;
SELECT t.x FROM orders CROSS JOIN UNEST(ARRAY[1]) AS t (x)
;;
SELECT t.x FROM orders, LATERAL TABLE(splitt(customer)) AS t (x)
;;
SELECT id FROM orders UNION ALL SELECT id, customer FROM orders
;;
SELECT id FROM orders UNION ALL SELECT customer FROM orders
;;
SELECT /*+ STATE_TTL('orders' = '1x') */ customer, COUNT(*) FROM orders GROUP BY customer
;;
SELECT /*+ STATE_TTL('ordrs' = '1h') */ customer, COUNT(*) FROM orders GROUP BY customer
;;
SELECT /*+ BROADCAST(cc) */ o.id FROM orders o JOIN customers c ON o.customer = c.name
;;
SELECT /*+ LOOKUP('table' = 'customers', 'asnc' = 'true') */ o.id FROM orders o JOIN customers c ON o.customer = c.name
;;
SET 'table.exec.state.ttl' = '1 hor'; SELECT customer, COUNT(*) FROM orders GROUP BY customer
;;
SET 'table.exec.source.idle-timout' = '1 s'
;;
SET 'table.exec.emit.early-fire.dely' = '1 s'
;;
SET 'table.optimizer.agg-phase-strategy' = 'TWO-PHASE'
;;
CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR tss AS ts) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (ts TIMESTAMP(6), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECCOND) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS 5) WITH ('connector' = 'datagen')
;;
CREATE TABLE t (p AS PROCTIM()) WITH ('connector' = 'datagen')
;;
SELECT id FROM orders MATCH_RECOGNISE (ORDER BY ts PATTERN (A) DEFINE A AS TRUE)
;;
CREATE TABLE up (customer STRING, n BIGINT, PRIMARY KEY (customer) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'csv'); INSERT INTO up SELECT customer, COUNT(*) FROM orders GROUP BY customer
;;
CREATE TABLE v (name STRING, city STRING, PRIMARY KEY (name) NOT ENFORCED) WITH ('connector' = 'datagen', 'number-of-rows' = '5'); SELECT o.id FROM orders o JOIN v FOR SYSTEM_TIME AS OF o.ts AS c ON o.customer = c.name
;;
CREATE TABLE v (name STRING, city STRING, t TIMESTAMP(3), WATERMARK FOR t AS t, PRIMARY KEY (name) NOT ENFORCED) WITH ('connector' = 'datagen', 'number-of-rows' = '5'); SELECT o.id FROM orders o JOIN v FOR SYSTEM_TIME AS OF o.ts AS c ON o.customer = c.city
;;
CREATE TABLE nowm (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'datagen', 'number-of-rows' = '5'); SELECT * FROM nowm MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN (A B) DEFINE B AS B.id > 1)
;;
CREATE TABLE nowm (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'datagen', 'number-of-rows' = '5'); SELECT id, SUM(id) OVER (ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM nowm
;;
SELECT COUNT(*) FROM TABLE(SESSION(TABLE orders, DESCRIPTOR(ts), INTERVAL '5' MINUTE, INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
;;
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE orders, ts, INTERVAL '5' MINUTE)) GROUP BY window_start, window_end
;;
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts, id), INTERVAL '5' MINUTE)) GROUP BY window_start, window_end
;;
SELECT COUNT(*) FROM TABLE(TUMBLE(orders, DESCRIPTOR(ts), INTERVAL '5' MINUTE)) GROUP BY window_start, window_end
;;
SELECT COUNT(*) FROM TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '5' MINUTES GROUP BY window_start, window_end
;;
SELECT o.id FROM (SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '5' MINUTE))) o JOIN (SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '5' MINUTE))) p ON o.id = p.id AND o.window_start = p.window_strat
;;
SELECT customer, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY n DESC) AS rn FROM (SELECT customer, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '5' MINUTE)) GROUP BY customer, window_start, window_end)
;;
SELECT customer FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY amount) AS rn FROM orders) WHERE rm <= 3
;;
SELECT customer FROM orders GROUP BY SESSION(ts, INTERVAL '1' MINUTE, 5)
;;
SELECT SESSION_START(ts, INTERVAL '1' MINUTE) FROM orders
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES SUM(A.amuont) AS s PATTERN (A+ B) DEFINE A AS A.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES LAST(A.id, -1) AS s PATTERN (A+ B) DEFINE A AS A.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES FISRT(A.id) AS s PATTERN (A+ B) DEFINE A AS A.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS s PATTERN (A+ B) SUBSET U = (A, X) DEFINE A AS A.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS s PATTERN (A+ B) DEFINE A AS A.amount > 1, A AS A.amount > 2)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS s ONE ROW PER MTCH PATTERN (A+ B) DEFINE A AS A.amount > 1)
;;
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS s AFTER MATCH SKIP PAST LAST ROWS PATTERN (A+ B) DEFINE A AS A.amount > 1)
;;
SELECT aid, cid FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS aid PATTERN (A B) DEFINE A AS A.amount > 1)
;;
SELECT o.id FROM orders o JOIN orders p ON o.id = p.id AND o.ts BETWEEN p.ts AND p.ts + INTERVAL '5' MINUT
;;
SELECT id FROM orders WHERE ts > CURRENT_WATERMARK(tss)
;;
SELECT id FROM orders WHERE id > CURRENT_WATERMARK(id)
;;
SELECT customer, COUNT(DISTINCT id, amount) FROM orders GROUP BY customer
;;
SELECT customer, COUNT(*) FROM orders GROUP BY CUBE customer
;;
EXECUTE STATEMENT SET BEGIN INSERT INTO sink SELECT id, customer FROM orders; INSERT INTO snik SELECT id, customer FROM orders; END
;;
EXECUTE STATEMENT SET BEGIN INSERT INTO sink SELECT id, customer FROM orders
;;
EXPLAIN CHANGELOG SELECT id FROM orders
;;
CREATE VIEW w AS SELECT id, amuont FROM orders
;;
INSERT INTO sink (id, nmae) SELECT id, customer FROM orders
;;
CREATE TABLE k (id INT, name STRING, PRIMARY KEY (idd) NOT ENFORCED) WITH ('connector' = 'blackhole')
;;
CREATE TABLE k (id INT, name STRING, PRIMARY KEY (id)) WITH ('connector' = 'blackhole')
;;
CREATE TABLE k (id INT, at TIMESTAMP(3), WATERMARK FOR at AS at - INTERVAL '5') WITH ('connector' = 'datagen')
;;
SELECT JSON_VALU(customer, '$.a') FROM orders
