-- There is no such function to change.
ALTER FUNCTION f AS 'com.example.F';
SHOW USER FUNCTIONS;
