-- A temporary function looks for its class at once.
CREATE TEMPORARY FUNCTION f AS 'com.example.F';
SHOW USER FUNCTIONS;
