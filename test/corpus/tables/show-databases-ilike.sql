-- SHOW DATABASES FROM a catalog, without regard to case.
CREATE CATALOG c WITH ('type' = 'generic_in_memory');
CREATE DATABASE c.Sales;
CREATE DATABASE c.stock;
SHOW DATABASES FROM c ILIKE 's%';
