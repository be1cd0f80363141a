-- SHOW CATALOGS NOT LIKE.
CREATE CATALOG c1 WITH ('type' = 'generic_in_memory');
CREATE CATALOG c2 WITH ('type' = 'generic_in_memory');
SHOW CATALOGS NOT LIKE '%2';
