-- Two INSERTs of a statement set into one table.
-- compare: changes
CREATE TABLE s1 (a INT) WITH ('connector'='filesystem','path'='${TMP}/o','format'='json');
EXECUTE STATEMENT SET BEGIN INSERT INTO s1 VALUES (1); INSERT INTO s1 VALUES (2); END;
SELECT * FROM s1;
