-- LIMIT of a LIMIT over a changelog.
-- compare: changes
CREATE TABLE t (id INT, k STRING, g INT) WITH ('connector'='filesystem','path'='${DATA}/every_type_changes.debezium','format'='debezium-json');
SELECT * FROM (SELECT k, id FROM t WHERE g > 0 LIMIT 6) LIMIT 3;
