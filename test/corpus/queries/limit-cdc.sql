-- LIMIT over rows that are updated and deleted.
-- compare: changes
CREATE TABLE t (id INT, k STRING, g INT) WITH ('connector'='filesystem','path'='${DATA}/every_type_changes.debezium','format'='debezium-json');
SELECT id, k FROM t WHERE id > 0 LIMIT 5;
