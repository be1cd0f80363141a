-- The procedure is not there.
CALL default_catalog.default_database.nothing(1);
