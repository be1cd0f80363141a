-- A class that does not exist is told when its function is called.
CREATE FUNCTION f AS 'com.example.F';
SELECT f(1);
