-- SHOW CREATE CATALOG has the comment on a line of its own.
CREATE CATALOG c COMMENT 'the ''second''' WITH ('type' = 'generic_in_memory', 'default-database' = 'db0');
SHOW CREATE CATALOG c;
