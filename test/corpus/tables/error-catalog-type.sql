-- There is no such type of catalog.
CREATE CATALOG c WITH ('type' = 'nothing');
