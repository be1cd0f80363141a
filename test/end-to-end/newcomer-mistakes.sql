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
