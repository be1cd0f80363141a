-- Names of functions are not case-sensitive.
CREATE FUNCTION f AS 'com.example.F';
CREATE FUNCTION F AS 'com.example.G';
SHOW USER FUNCTIONS;
