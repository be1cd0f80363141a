-- There is no such database.
CREATE FUNCTION nodb.f AS 'com.example.F';
SHOW USER FUNCTIONS;
