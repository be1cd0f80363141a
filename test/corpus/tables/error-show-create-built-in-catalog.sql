-- The catalog of every session has no CREATE.
SHOW CREATE CATALOG default_catalog;
