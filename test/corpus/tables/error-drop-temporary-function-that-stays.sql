-- A function that is not temporary is not dropped as one.
CREATE FUNCTION f AS 'com.example.F';
DROP TEMPORARY FUNCTION f;
SHOW USER FUNCTIONS;
