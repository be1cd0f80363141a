-- Functions belong to databases.
-- compare: sequence
CREATE DATABASE d;
CREATE FUNCTION d.f AS 'com.example.F';
CREATE FUNCTION g AS 'com.example.G';
USE d;
SHOW USER FUNCTIONS;
