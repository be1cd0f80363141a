-- A view keeps a database from being dropped.
CREATE DATABASE d;
CREATE VIEW d.v AS SELECT 1 AS x;
DROP DATABASE d;
