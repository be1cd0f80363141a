-- A database with functions is not empty.
CREATE DATABASE d;
CREATE FUNCTION d.f AS 'com.example.F';
DROP DATABASE d;
SHOW DATABASES;
