-- CASCADE drops the functions of a database.
-- compare: sequence
CREATE DATABASE d;
CREATE FUNCTION d.f AS 'com.example.F' LANGUAGE PYTHON;
DROP DATABASE d CASCADE;
CREATE DATABASE d;
SHOW USER FUNCTIONS IN d;
