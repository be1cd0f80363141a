-- There is no such function to drop.
DROP FUNCTION f;
SHOW USER FUNCTIONS;
