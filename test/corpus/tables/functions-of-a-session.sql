-- Functions of a database are listed by their names in lower case; those of Java are looked for when they are called.
-- compare: sequence
CREATE FUNCTION MyLength AS 'com.example.Length';
CREATE FUNCTION IF NOT EXISTS mylength AS 'com.example.Other' LANGUAGE JAVA;
CREATE FUNCTION other AS 'com.example.Other' LANGUAGE SCALA;
CREATE FUNCTION gone AS 'com.example.Gone';
DROP FUNCTION Gone;
DROP FUNCTION IF EXISTS gone;
DROP TEMPORARY FUNCTION IF EXISTS gone;
SHOW USER FUNCTIONS;
