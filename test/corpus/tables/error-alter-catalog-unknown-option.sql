-- An option that the catalog does not have.
CREATE CATALOG c WITH ('type' = 'generic_in_memory');
ALTER CATALOG c SET ('colour' = 'red');
