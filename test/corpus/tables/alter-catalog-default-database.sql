-- ALTER CATALOG SET takes another default database.
CREATE CATALOG c WITH ('type' = 'generic_in_memory', 'default-database' = 'a');
ALTER CATALOG c SET ('default-database' = 'b');
USE CATALOG c;
SHOW CURRENT DATABASE;
