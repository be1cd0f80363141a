-- CREATE TABLE AS with columns of its own.
-- compare: changes
CREATE TABLE c (extra INT, twice AS a * 2, a BIGINT) WITH ('connector'='filesystem','path'='${TMP}/o','format'='json') AS SELECT 1 AS a, 'x' AS b;
SHOW CREATE TABLE c;
